using ActorTrace.Hosting.Cli;

namespace ActorTrace.EndToEnd;

/// <summary>A merged trace holds, for the unmodified trace-cmd, what it reads in each of the logs.</summary>
public sealed class MergeTests : IDisposable
{
    private const int PidShift = 10_000;
    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_real_capture_stands_beside_a_simulated_run_event_for_event()
    {
        string run = _folder.File("run.atj");
        string capture = Path.Combine(Workspace.Root, "scenarios", "captures", "small-2core.txt");
        await Cli("run", Workspace.Scenario("arndale"), "--for", "400ms", "--journal", run);
        await Cli("import", capture, "-o", _folder.File("capture.atj"));
        await Cli("merge", run, capture, "-o", _folder.File("both.atj"), "--offset", "2:-5000s");
        TraceCmdLog simulated = await Open("run");
        TraceCmdLog captured = await Open("capture");
        TraceCmdLog both = await Open("both");

        LogLine[] moved = [.. captured.Lines.Select(line => line with
        {
            Cpu = line.Cpu + 2, Nanoseconds = line.Nanoseconds - 5_000_000_000_000, Pid = line.Pid == 0 ? 0 : line.Pid + PidShift,
        })];
        Assert.Equal(
            simulated.Lines.Concat(moved).Select(Place).Order(StringComparer.Ordinal), both.Lines.Select(Place).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Assert.Equal(simulated.Switches(cpu), both.Switches(cpu));
            Assert.Equal(
                captured.Switches(cpu).Select(s => (s.Nanoseconds - 5_000_000_000_000, Shifted(s.PreviousPid), s.PreviousState, Shifted(s.NextPid))),
                both.Switches(cpu + 2).Select(s => (s.Nanoseconds, s.PreviousPid, s.PreviousState, s.NextPid)));
        }

        Assert.Equal(captured.Lost.Select(lost => (lost.Cpu + 2, lost.Count)), both.Lost.Select(lost => (lost.Cpu, lost.Count)));
    }

    private static int Shifted(int pid) => pid == 0 ? 0 : pid + PidShift;

    private static string Place(LogLine line) => $"{line.Nanoseconds} [{line.Cpu}] {(line.Pid == 0 ? "idle" : line.Comm)}-{line.Pid} {line.Event}";

    private async Task<TraceCmdLog> Open(string name)
    {
        await Cli("replay", _folder.File(name + ".atj"), "--to", "trace.dat", "-o", _folder.File(name + ".dat"));
        return TraceCmdLog.Open(_folder.File(name + ".dat"));
    }

    private static async Task Cli(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None));
        Assert.True(code == ExitCodes.Done, error.ToString());
    }
}
