using System.Diagnostics;
using SystemProcess = System.Diagnostics.Process;

namespace ActorTrace.Service.Tests.Process;

/// <summary>The program, as a user starts it.</summary>
internal static class Cli
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "actortrace.exe" : "actortrace");

    public static SystemProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return SystemProcess.Start(start)!;
    }

    /// <summary>Runs a command to its end; it must succeed.</summary>
    public static string Run(params string[] arguments)
    {
        using SystemProcess process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"actortrace {string.Join(' ', arguments)}: {process.ExitCode}\n{output}\n{errors.Result}");
        return output;
    }
}
