using System.ComponentModel;
using System.Diagnostics;
using Assert = Xunit.Assert;
using Skip = Xunit.Skip;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>Runs an unmodified tool.</summary>
internal static class Tool
{
    /// <summary>Its output; fails where it says anything on stderr. Skips the test where it is not installed.</summary>
    public static string[] Lines(string name, params string[] arguments) => LinesOf(null, name, arguments);

    /// <summary>Its output where it reads a file from its standard input.</summary>
    public static string[] LinesOf(string? input, string name, params string[] arguments)
    {
        (string[] lines, string errors, int code) = Run(input, name, arguments);
        Assert.Equal(string.Empty, errors);
        Assert.Equal(0, code);
        return lines;
    }

    /// <summary>Its output, what it says on stderr, and its exit code.</summary>
    public static (string[] Lines, string Errors, int Code) Run(string? input, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            Skip.If(condition: true, name + " is not installed");
        }

        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Feed(process.StandardInput, input);
            process.WaitForExit();
            return (output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries), errors.GetAwaiter().GetResult(), process.ExitCode);
        }
    }

    private static void Feed(StreamWriter standardInput, string? file)
    {
        using (standardInput)
        {
            if (file is not null)
            {
                using FileStream content = File.OpenRead(file);
                content.CopyTo(standardInput.BaseStream);
            }
        }
    }
}
