using ActorTrace.Hosting.Cli;

namespace ActorTrace.EndToEnd;

/// <summary>A merged trace holds, for the unmodified trace-cmd, what it reads in each of the logs.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("small-2core.txt", -5_000_000_000_000, 10_000)]
    [InlineData("$ACTORTRACE_CAPTURES/android-systrace-2core-arm.txt", 500_000_000, 10_000)]
    [InlineData("$ACTORTRACE_CAPTURES/biglittle-8core.dat", 500_000_000, 0)]
    public async Task A_real_capture_stands_beside_a_simulated_run_event_for_event(string name, long offset, int pidShift)
    {
        string run = _folder.File("run.atj");
        string capture = Capture(name);
        await Cli("run", Workspace.Scenario("arndale"), "--for", "200ms", "--journal", run);
        await Cli("import", capture, "-o", _folder.File("capture.atj"));
        await Cli("merge", run, capture, "-o", _folder.File("both.atj"), "--offset", $"2:{offset}ns");
        TraceCmdLog simulated = await Open("run");
        TraceCmdLog captured = await Open("capture");
        TraceCmdLog both = await Open("both");

        LogLine[] moved = [.. captured.Lines.Select(line => line with
        {
            Cpu = line.Cpu + 2, Nanoseconds = Moved(line.Nanoseconds, offset), Pid = line.Pid == 0 ? 0 : line.Pid + pidShift,
        })];
        Assert.Equal(
            simulated.Lines.Concat(moved).Select(Place).Order(StringComparer.Ordinal), both.Lines.Select(Place).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(simulated.Switches(0), both.Switches(0));
        Assert.Equal(simulated.Switches(1), both.Switches(1));
        for (int cpu = 0; cpu <= captured.Lines.Max(line => line.Cpu); cpu++)
        {
            Assert.Equal(
                captured.Switches(cpu).Select(s => (Moved(s.Nanoseconds, offset), Shifted(s.PreviousPid, pidShift), s.PreviousState, Shifted(s.NextPid, pidShift))),
                both.Switches(cpu + 2).Select(s => (s.Nanoseconds, s.PreviousPid, s.PreviousState, s.NextPid)));
        }

        Assert.Equal(captured.Lost.Select(lost => (lost.Cpu + 2, lost.Count)), both.Lost.Select(lost => (lost.Cpu, lost.Count)));
    }

    private static string Capture(string name)
    {
        const string Variable = "ACTORTRACE_CAPTURES";
        if (!name.StartsWith('$'))
        {
            return Path.Combine(Workspace.Root, "scenarios", "captures", name);
        }

        string? folder = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(folder), Variable + " is not set");
        return name.Replace("$" + Variable, folder, StringComparison.Ordinal);
    }

    private static ulong Moved(ulong nanoseconds, long offset) => (ulong)((long)nanoseconds + offset);

    private static int Shifted(int pid, int pidShift) => pid == 0 ? 0 : pid + pidShift;

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
