using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Merge;

public sealed class TraceMergerTests
{
    private static readonly TaskReference Idle = new(0, "", 120);
    private static readonly TaskReference Shell = new(77, "sh", 120);
    private static readonly TaskReference Task1 = new(2001, "RTOS-Task1", 10);

    [Fact]
    public void Lanes_are_merged_by_time_and_ties_go_to_the_lower_lane() =>
        Gen.Select(Gen.ULong[0, 20].Array[0, 50], Gen.ULong[0, 20].Array[0, 50]).Sample((first, second) =>
        {
            MemorySource source = new MemorySource()
                .AddLane(0, first.Order().Select((at, i) => Marker(0, at, Shell, $"0 {i}")))
                .AddLane(1, second.Order().Select((at, i) => Marker(1, at, Task1, $"1 {i}")));

            MergedRecord[] merged = [.. TraceMerger.Merge(source, TraceView.Gpos)];

            // A stable sort of lane 0 followed by lane 1 is the definition of the order.
            TraceRecord[] expected = [.. source.ReadStream("lane-0").Concat(source.ReadStream("lane-1")).OrderBy(r => ((LaneRecord)r).At.Cycles)];
            Assert.Equal(expected, merged.Select(m => m.Record));
        });

    [Fact]
    public void An_enclosing_step_written_last_is_shown_first()
    {
        MemorySource source = new MemorySource().Add(
            StreamNames.Core(0), Step(StepKind.Drain, 20, 30), Step(StepKind.Conversion, 30, 40), Step(StepKind.IsrEntry, 10, 50), Step(StepKind.Resume, 50, 60));

        MergedRecord[] merged = [.. TraceMerger.Merge(source, TraceView.Board)];

        Assert.Equal([10ul, 20, 30, 60], merged.Select(m => m.At.Cycles));
    }

    [Fact]
    public void A_step_that_comes_too_late_is_shown_late_and_never_out_of_order()
    {
        var source = new MemorySource();
        for (ulong i = 1; i < 10_000; i++)
        {
            source.Add(StreamNames.Core(0), Step(StepKind.Mmio, i, i));
        }

        source.Add(StreamNames.Core(0), Step(StepKind.IsrEntry, 0, 10_000));

        ulong[] times = [.. TraceMerger.Merge(source, TraceView.Board).Select(m => m.At.Cycles)];

        Assert.Equal(10_000, times.Length);
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void A_lane_out_of_order_or_of_an_unknown_cpu_is_an_error_that_names_it()
    {
        MemorySource unordered = new MemorySource().AddLane(1, Marker(1, 5, Task1, ""), Marker(1, 4, Task1, ""));
        Assert.Contains("lane-1", Assert.Throws<InvalidDataException>(() => TraceMerger.Merge(unordered, TraceView.Gpos).Count()).Message, StringComparison.Ordinal);

        MemorySource endless = new MemorySource().AddLane(1, Marker(1, ulong.MaxValue, Task1, ""));
        Assert.Throws<InvalidDataException>(() => TraceMerger.Merge(endless, TraceView.Gpos).Count());

        LaneRecord stranger = Marker(0, 5, Task1, "") with { Vcpu = new VcpuId(new GuestId(9), 0), Core = new CoreId(7) };
        MemorySource unknown = new MemorySource().AddLane(0, stranger);
        Assert.Throws<InvalidDataException>(() => TraceMerger.Merge(unknown, TraceView.Gpos).Count());
        Assert.Throws<InvalidDataException>(() => TraceMerger.Merge(unknown, TraceView.Board).Count());
    }

    [Fact]
    public void The_board_view_switches_tasks_where_the_vcpu_of_a_core_changes()
    {
        // Both guests on core 0: the GPOS runs sh, the RTOS comes at 100 in the middle of Task1, the GPOS again at 200.
        var core = new CoreId(0);
        MemorySource source = new MemorySource()
            .AddLane(0, Marker(0, 10, Shell, "here"), Switch(0, 250, Shell, 1, Idle))
            .AddLane(1, Switch(1, 150, Task1, 1, Idle) with { Core = core })
            .Add(
                StreamNames.Core(0),
                VcpuSwitch(0, 0, Gpos), VcpuSwitch(90, 100, Rtos), VcpuSwitch(190, 200, Gpos), VcpuSwitch(290, 300, Rtos));
        var seen = new Recorder();

        new Replay(source, TraceView.Board).Send(seen);

        Assert.Equal(
            [(100ul, 77, 0ul, 2001), (150, 2001, 1, 0), (200, 0, 0, 77), (250, 77, 1, 0)],
            seen.Events.Where(e => e.Type == EventCatalogue.SchedSwitch)
                .Select(e => (e.Nanoseconds, (int)e.Number(0), e.Number(2), (int)e.Number(3))));
        Assert.All(seen.Events, e => Assert.Equal(0, e.Cpu));
        Assert.Empty(Check(source, TraceView.Board).Violations);
    }

    [Fact]
    public void After_a_loss_the_board_view_goes_on_with_the_task_that_is_then_current()
    {
        var core = new CoreId(0);
        MemorySource source = new MemorySource()
            .AddLane(0, Marker(0, 10, Shell, "here"))
            .AddLane(
                1,
                Switch(1, 120, Idle, 0, Task1) with { Core = core },
                Lost(1, 150, 2) with { Core = core },
                Marker(1, 150, new TaskReference(2002, "RTOS-Task2", 11), "later") with { Core = core })
            .Add(StreamNames.Core(0), VcpuSwitch(0, 0, Gpos), VcpuSwitch(90, 100, Rtos), VcpuSwitch(190, 200, Gpos));
        var seen = new Recorder();

        new Replay(source, TraceView.Board).Send(seen);

        TraceEvent last = seen.Events.Last(e => e.Type == EventCatalogue.SchedSwitch);
        Assert.Equal((200ul, 2002, 77), (last.Nanoseconds, (int)last.Number(0), (int)last.Number(3)));
    }

    [Fact]
    public void Runtime_statistics_stand_before_the_switch_that_ends_the_run()
    {
        MemorySource source = new MemorySource().AddLane(
            1, Switch(1, 100, Idle, 0, Task1), Switch(1, 175, Task1, 1, Idle), Switch(1, 200, Idle, 0, Task1), Lost(1, 300, 1), Switch(1, 300, Task1, 1, Idle));
        var seen = new Recorder();
        new Replay(source, TraceView.Gpos).Send(seen);

        int place = seen.Events.FindIndex(e => e.Type == EventCatalogue.SchedStatRuntime);
        TraceEvent runtime = seen.Events[place];
        Assert.Single(seen.Events, e => e.Type == EventCatalogue.SchedStatRuntime);
        Assert.Equal((175ul, 2001ul, 75ul), (runtime.Nanoseconds, runtime.Number(0), runtime.Number(1)));
        Assert.Equal(EventCatalogue.SchedSwitch, seen.Events[place + 1].Type);
    }

    [Fact]
    public void A_broken_chain_is_found_unless_events_were_lost()
    {
        MemorySource broken = new MemorySource().AddLane(1, Switch(1, 1, Idle, 0, Task1), Switch(1, 2, Shell, 1, Idle), Switch(1, 3, Idle, 1, Idle));
        TraceInvariants found = Check(broken, TraceView.Gpos);
        Assert.Equal(2, found.Count);
        Assert.Equal("CPU 1 at 2 ns: pid 77 is switched out, but pid 2001 was switched in", found.Violations[0]);

        MemorySource lossy = new MemorySource().AddLane(1, Switch(1, 1, Idle, 0, Task1), Lost(1, 2, 1), Switch(1, 2, Shell, 1, Idle));
        Assert.Equal(0, Check(lossy, TraceView.Gpos).Count);
    }

    private static TraceInvariants Check(MemorySource source, TraceView view)
    {
        var invariants = new TraceInvariants(TraceMerger.CpuCount(source.Manifest, view));
        new Replay(source, view).Send(invariants);
        return invariants;
    }

    private static StepRecord Step(StepKind kind, ulong start, ulong end) => new(
        default, kind, CostCategory.None, new VirtualInstant(start), new VirtualInstant(end), new CoreId(0), Gpos, 0, 0, 0);

    private static StepRecord VcpuSwitch(ulong start, ulong end, VcpuId comes) => Step(StepKind.VcpuSwitch, start, end) with { Vcpu = comes };

    private sealed class Recorder : ITraceEventSink
    {
        public List<TraceEvent> Events { get; } = [];

        public void Write(in TraceEvent next) => Events.Add(next);

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}
