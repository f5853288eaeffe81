using System.Diagnostics;
using ActorTrace.Hosting.Tests.Scenarios;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>The real process: exit code, the two outputs, and no stack trace whatever happens.</summary>
public class ExecutableTests
{
    [Theory]
    [InlineData("run none.yaml", 2, "actortrace: none.yaml: there is no such scenario file (")]
    [InlineData("run s.yaml", 2, "actortrace: s.yaml:8:1: unknown key 'gust' (did you mean 'guests'?)")]
    [InlineData("replay rtos.elf --to ftrace", 1, "actortrace: rtos.elf: is not a journal")]
    [InlineData("rnu", 2, "actortrace: command line: unknown command 'rnu' (did you mean 'run'?)")]
    public async Task Bad_input_is_one_line_and_an_exit_code(string line, int code, string message)
    {
        using var folder = new TempFolder();
        ScenarioText.WriteTo(folder, "guests:", "gust:");
        string[] before = folder.Listing();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "actortrace.exe" : "actortrace"), line.Split(' '))
        {
            WorkingDirectory = folder.Path,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await output);
        Assert.StartsWith(message, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(code, process.ExitCode);
        Assert.Equal(before, folder.Listing());
    }
}
