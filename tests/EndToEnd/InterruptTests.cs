using System.Diagnostics;

namespace ActorTrace.EndToEnd;

/// <summary>Ctrl-C in the middle of a run, on the real process.</summary>
public sealed class InterruptTests
{
    private const int Interrupted = 130;

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_run_leaves_a_journal_that_is_listed_verified_and_replayed(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using TemporaryFolder folder = Workspace.Temporary();
        using (Process run = StartInterruptible(folder, "run", Workspace.Scenario("arndale"), "--journal", "a.atj"))
        {
            Stopwatch waited = Stopwatch.StartNew();
            while (!run.HasExited && !Grown(folder.File("a.atj")))
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "the journal does not grow");
                Thread.Sleep(20);
            }

            using Process kill = Process.Start("kill", ["-" + signal, run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            (string _, int code) = Finish(run);
            Assert.Equal(Interrupted, code);
        }

        Assert.Equal([folder.File("a.atj")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Contains("interrupted", Run(folder, "list", "a.atj"), StringComparison.Ordinal);
        Assert.Contains("records are equal", Run(folder, "verify", "a.atj"), StringComparison.Ordinal);
        Run(folder, "replay", "a.atj", "--to", "trace.dat", "-o", "a.dat");
        Assert.NotEmpty(TraceCmdLog.Open(folder.File("a.dat")).Switches(0));
    }

    /// <summary>The first batches are in: the file and its log hold more than empty tables.</summary>
    private static bool Grown(string journal)
    {
        const long EmptyTables = 100_000;
        return Size(journal) + Size(journal + "-wal") > EmptyTables;
    }

    private static long Size(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static string Run(TemporaryFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        (string output, int code) = Finish(process);
        Assert.True(code == 0, output);
        return output;
    }

    private static (string Output, int Code) Finish(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + errors.GetAwaiter().GetResult(), process.ExitCode);
    }

    /// <summary>A shell's background job ignores SIGINT, and so would all that it starts: the signal is set back to its default.</summary>
    private static Process StartInterruptible(TemporaryFolder folder, params string[] arguments) =>
        Start(folder, "env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "actortrace.dll"), .. arguments]);

    private static Process Start(TemporaryFolder folder, params string[] arguments) =>
        Start(folder, "dotnet", [Path.Combine(AppContext.BaseDirectory, "actortrace.dll"), .. arguments]);

    private static Process Start(TemporaryFolder folder, string program, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
