using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>Runs an unmodified tool.</summary>
internal static class Tool
{
    /// <summary>Its output; fails where it says anything on stderr. Skips the test where it is not installed.</summary>
    public static string[] Lines(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
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
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(string.Empty, errors.GetAwaiter().GetResult());
            Assert.Equal(0, process.ExitCode);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
