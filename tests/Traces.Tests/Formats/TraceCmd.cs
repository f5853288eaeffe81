using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>Runs the unmodified trace-cmd.</summary>
internal static class TraceCmd
{
    /// <summary>Its output on a file; fails where it says anything on stderr. Skips the test where it is not installed.</summary>
    public static string[] Report(string file, params string[] options)
    {
        var start = new ProcessStartInfo("trace-cmd") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])["report", .. options, "-i", file])
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
            Skip.If(condition: true, "trace-cmd is not installed");
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
