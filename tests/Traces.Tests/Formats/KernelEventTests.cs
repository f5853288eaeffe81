using System.Text;
using System.Text.RegularExpressions;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>Softirqs, IPIs, idle times, foreign events and what the hypervisor does, as trace-cmd shows them.</summary>
public sealed partial class KernelEventTests : IDisposable
{
    private static readonly TaskReference Idle = new(0, "swapper/0", 120);
    private static readonly TaskReference A = new(101, "a", 120);
    private static readonly CoreId Core = new(0);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Events_of_a_linux_guest_have_the_kernels_text()
    {
        MemorySource source = new MemorySource().AddLane(
            0,
            new SoftirqRecord(default, At(10), At(10), Gpos, Core, A, 1, InterruptPhase.Raise),
            new SoftirqRecord(default, At(11), At(11), Gpos, Core, A, 1, InterruptPhase.Entry),
            new SoftirqRecord(default, At(12), At(12), Gpos, Core, A, 77, InterruptPhase.Exit),
            new IpiRecord(default, At(13), At(13), Gpos, Core, A, "Rescheduling interrupts", 0x8000_0000_0000_0002, InterruptPhase.Raise),
            new IpiRecord(default, At(14), At(14), Gpos, Core, A, "Function call interrupts", 0, InterruptPhase.Entry),
            new IpiRecord(default, At(15), At(15), Gpos, Core, A, "Function call interrupts", 0, InterruptPhase.Exit),
            new ForeignRecord(default, At(16), At(16), Gpos, Core, A, "sched", "sched_migrate_task", "comm=a pid=101 prio=120 orig_cpu=0 dest_cpu=1"),
            Wakeup(0, 17, A, A) with { TargetCpu = 5 });

        // The print fmt lines of include/trace/events of Linux 6.1.
        Assert.Equal(
            [
                "0.000000010: softirq_raise: vec=1 [action=TIMER]",
                "0.000000011: softirq_entry: vec=1 [action=TIMER]",
                "0.000000012: softirq_exit: vec=77 [action=0x4d]",
                "0.000000013: ipi_raise: target_mask=80000000,00000002 (Rescheduling interrupts)",
                "0.000000014: ipi_entry: (Function call interrupts)",
                "0.000000015: ipi_exit: (Function call interrupts)",
                "0.000000016: sched_migrate_task: comm=a pid=101 prio=120 orig_cpu=0 dest_cpu=1",
                "0.000000017: sched_waking: comm=a pid=101 prio=120 target_cpu=005",
                "0.000000017: sched_wakeup: comm=a pid=101 prio=120 target_cpu=005",
            ],
            Report(source, TraceView.Gpos), StringComparer.Ordinal);
        Assert.Equal(Report(source, TraceView.Gpos).Select(Rest), Text(source, TraceView.Gpos).Select(Rest), StringComparer.Ordinal);
    }

    [SkippableFact]
    public void A_cpu_is_idle_while_the_idle_task_runs()
    {
        MemorySource source = new MemorySource().AddLane(0, Switch(0, 10, A, 1, Idle), Switch(0, 30, Idle, 0, A));

        Assert.Equal(
            ["sched_switch", "cpu_idle: state=1 cpu_id=0", "cpu_idle: state=4294967295 cpu_id=0", "sched_switch"],
            Report(source, TraceView.Gpos).Select(Rest).Select(line => line.StartsWith("sched_switch", StringComparison.Ordinal) ? "sched_switch" : line),
            StringComparer.Ordinal);
    }

    [SkippableFact]
    public void An_imported_trace_has_its_own_idle_times()
    {
        MemorySource source = new MemorySource { Manifest = new MemorySource().Manifest with { ImportedFrom = "t.dat" } }
            .AddLane(0, Switch(0, 10, A, 1, Idle), new CpuIdleRecord(default, At(12), At(12), Gpos, Core, Idle, 3), Switch(0, 30, Idle, 0, A));

        Assert.Equal("cpu_idle: state=3 cpu_id=0", Assert.Single(Report(source, TraceView.Gpos).Select(Rest), line => line.StartsWith("cpu_idle", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void The_hypervisors_visits_tell_their_reason()
    {
        MemorySource source = new MemorySource()
            .Add(
                StreamNames.Core(0),
                Step(StepKind.Trap, 10, 20, 0x4A00_0123, 0), Step(StepKind.Resume, 20, 30, 0x8004, 0),
                Step(StepKind.Trap, 40, 50, 0x93EA_0047, 0x0900_0000), Step(StepKind.Resume, 50, 60, 0x8008, 0),
                Step(StepKind.Trap, 70, 80, 0, 0), Step(StepKind.SgiTake, 80, 85, 1, 1), Step(StepKind.SgiSend, 85, 88, 2, 1), Step(StepKind.Resume, 88, 90, 0x800C, 0),
                Step(StepKind.Trap, 91, 92, 0x8200_0022, 0));

        Assert.Equal(
            [
                "0.000000010: hyp_enter: reason=HVC guest=0 vcpu=0 pc=0x8000 cycles=10 hsr=0x4a000123 fault=0x0",
                "0.000000010: host_hcall: id:291 invalid:0",
                "0.000000030: hyp_exit: reason=HVC guest=0 vcpu=0 pc=0x8000 cycles=10 address=0x8004 detail2=0x0",
                "0.000000040: hyp_enter: reason=DATA_ABORT guest=0 vcpu=0 pc=0x8000 cycles=10 hsr=0x93ea0047 fault=0x9000000",
                "0.000000040: host_mem_abort: esr:0x93ea0047 addr:0x9000000",
                "0.000000060: hyp_exit: reason=DATA_ABORT guest=0 vcpu=0 pc=0x8000 cycles=10 address=0x8008 detail2=0x0",
                "0.000000070: hyp_enter: reason=IRQ guest=0 vcpu=0 pc=0x8000 cycles=10 hsr=0x0 fault=0x0",
                "0.000000080: hyp_sgi_take: guest=0 vcpu=0 pc=0x8000 cycles=5 sgi=1 source=1",
                "0.000000080: ipi_entry: (Hypervisor SGI)",
                "0.000000085: ipi_exit: (Hypervisor SGI)",
                "0.000000085: hyp_sgi_send: guest=0 vcpu=0 pc=0x8000 cycles=3 sgi=2 target=1",
                "0.000000085: ipi_raise: target_mask=00000000,00000002 (Hypervisor SGI)",
                "0.000000090: hyp_exit: reason=IRQ guest=0 vcpu=0 pc=0x8000 cycles=2 address=0x800c detail2=0x0",
                "0.000000091: hyp_enter: reason=PREFETCH_ABORT guest=0 vcpu=0 pc=0x8000 cycles=1 hsr=0x82000022 fault=0x0",
            ],
            Report(source, TraceView.Board), StringComparer.Ordinal);
        Assert.Equal(Report(source, TraceView.Board).Select(Rest), Text(source, TraceView.Board).Select(Rest), StringComparer.Ordinal);
    }

    [SkippableFact]
    public void Foreign_events_of_a_name_that_the_catalogue_has_get_another()
    {
        MemorySource source = new MemorySource().AddLane(
            0,
            new ForeignRecord(default, At(1), At(1), Gpos, Core, A, "sched", "sched_switch", "x=1"),
            new ForeignRecord(default, At(2), At(2), Gpos, Core, A, "my sys", "1st event", "x=2"),
            new ForeignRecord(default, At(3), At(3), Gpos, Core, A, "sched", "sched_switch", "x=3"));

        Assert.Equal(
            ["sched_switch_2: x=1", "_1st_event: x=2", "sched_switch_2: x=3"], Report(source, TraceView.Gpos).Select(Rest), StringComparer.Ordinal);
    }

    private static VirtualInstant At(ulong cycles) => new(cycles);

    private static StepRecord Step(StepKind step, ulong start, ulong end, ulong detail, ulong detail2) =>
        new(default, step, CostCategory.TrapEntry, At(start), At(end), Core, Gpos, 0x8000, detail, detail2);

    /// <summary>TIME: EVENT: ARGUMENTS, as trace-cmd reports them.</summary>
    private string[] Report(MemorySource source, TraceView view)
    {
        string path = Path.Combine(_folder.FullName, "t.dat");
        TraceFormats.TraceDat.ToFile(new Replay(source, view), path);
        return [.. Tool.Lines("trace-cmd", "report", "-N", "-t", "-i", path).Skip(1).Select(Shortened)];
    }

    private static string[] Text(MemorySource source, TraceView view)
    {
        using var output = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(source, view), output);
        return [.. Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).Select(Shortened)];
    }

    private static string Shortened(string line)
    {
        Match match = Line().Match(line);
        Assert.True(match.Success, line);
        return $"{match.Groups["time"].Value}: {match.Groups["name"].Value}: {match.Groups["rest"].Value.TrimEnd()}";
    }

    private static string Rest(string line) => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    [GeneratedRegex(@" (?<time>\d+\.\d+): (?<name>\w+): +(?<rest>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
