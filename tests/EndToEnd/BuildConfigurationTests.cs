using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorTrace.EndToEnd;

/// <summary>The same run by the Debug and the Release build of the program.</summary>
public sealed partial class BuildConfigurationTests
{
    [Fact]
    public void Debug_and_Release_give_the_same_run_hash()
    {
        using TemporaryFolder folder = Workspace.Temporary();
        Run(Workspace.Root, "build", "Hosting", "-c", "Debug", "--no-restore", "-v", "quiet", "-nologo");
        string program = Path.Combine(Workspace.Root, "Hosting", "bin", "Debug", "net10.0");
        string[] run = ["run", Workspace.Scenario("arndale"), "--for", "30ms", "--journal"];
        string debug = Run(folder.Path, [Path.Combine(program, "actortrace.dll"), .. run, folder.File("debug.atj")]);
        string release = Run(folder.Path, [Path.Combine(AppContext.BaseDirectory, "actortrace.dll"), .. run, folder.File("release.atj")]);
        Assert.Equal(Hash().Match(release).Value, Hash().Match(debug).Value, StringComparer.Ordinal);
        Assert.Matches("[0-9a-f]{64}", Hash().Match(debug).Value);
    }

    private static string Run(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.GetAwaiter().GetResult());
        return output;
    }

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Hash();
}
