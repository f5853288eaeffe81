using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using CsCheck;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>Records made of events give these events again.</summary>
public sealed class EventRecordsTests
{
    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public void A_run_made_of_the_events_of_a_run_has_the_same_events(TraceView view) => AnyKinds.Runs(withSteps: true).Sample(
        source =>
        {
            var went = new EventList();
            new Replay(source, view).Send(went);
            var came = new EventList();
            new Replay(Imported(sink => new Replay(source, view).Send(sink)), TraceView.Gpos).Send(came);
            Assert.Equal(went.ByTimeAndCpu, came.ByTimeAndCpu, StringComparer.Ordinal);
        },
        iter: 100, threads: 1);

    [Fact]
    public void An_event_of_the_catalogue_that_was_damaged_keeps_its_text_under_a_name_of_its_own()
    {
        var source = new MemorySource().AddLane(0, new ForeignRecord(
            default, VirtualInstant.Zero, VirtualInstant.Zero, MemorySource.Gpos, new CoreId(0), new TaskReference(1, "a", 120), "sched", "sched_switch", "a ==> b"));
        var list = new EventList();
        new Replay(source, TraceView.Gpos).Send(list);
        Assert.EndsWith("a-1 sched:sched_switch_2 fields=a ==> b", Assert.Single(list.InOrder), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_tools_read_by_its_fields_keeps_its_text_under_a_name_of_its_own()
    {
        var source = new MemorySource().AddLane(0, new ForeignRecord(
            default, VirtualInstant.Zero, VirtualInstant.Zero, MemorySource.Gpos, new CoreId(0), new TaskReference(1, "a", 120), "ftrace", "bprint", "ip=1 fmt=x"));
        var list = new EventList();
        new Replay(source, TraceView.Gpos).Send(list);
        Assert.EndsWith("a-1 ftrace:bprint_2 fields=ip=1 fmt=x", Assert.Single(list.InOrder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_waking_and_its_wake_up_are_one_record_and_a_wake_up_alone_is_one_too()
    {
        LaneRecord[] records = [.. Records(
            Wake(EventCatalogue.SchedWaking, 10, 7), Wake(EventCatalogue.SchedWaking, 11, 8), Wake(EventCatalogue.SchedWakeup, 12, 7),
            Wake(EventCatalogue.SchedWakeup, 13, 8), Wake(EventCatalogue.SchedWakeup, 14, 7))];
        Assert.Equal([(10UL, 7), (11UL, 8), (14UL, 7)], records.Select(record => (record.At.Cycles, ((WakeupRecord)record).Task.Pid)));
    }

    [Fact]
    public void What_a_record_cannot_hold_is_changed()
    {
        LaneRecord record = Assert.Single(Records(Wake(EventCatalogue.SchedWaking, 10, 7) with { Comm = "a name of more letters é", Text0 = "é\n" }));
        Assert.Equal(("a name of more ", "??", null), (record.Current.Comm, ((WakeupRecord)record).Task.Comm, ((WakeupRecord)record).TargetCpu));
    }

    private static TraceEvent Wake(EventType type, ulong at, ulong pid)
    {
        var numbers = new EventNumbers();
        (numbers[0], numbers[1], numbers[2]) = (pid, 120, 99);
        return new TraceEvent { Type = type, Nanoseconds = at, Cpu = 1, Pid = 3, Comm = "x", Tgid = 3, Numbers = numbers, Text0 = "w" };
    }

    private static List<LaneRecord> Records(params TraceEvent[] events)
    {
        var records = new List<LaneRecord>();
        var maker = new EventRecords(2, records.Add);
        foreach (TraceEvent next in events)
        {
            maker.Write(next);
        }

        return records;
    }

    private static MemorySource Imported(Action<ITraceEventSink> send)
    {
        VcpuId[] vcpus = [new(new GuestId(0), 0), new(new GuestId(0), 1)];
        var source = new MemorySource
        {
            Manifest = new RunManifest(
                1, "test", new ClockRates(1_000_000_000, 1_000_000_000, 1), 2,
                [new GuestManifest("linux", 0, [new CoreId(0), new CoreId(1)], 0)],
                [new LaneManifest(vcpus[0], new CoreId(0), -1), new LaneManifest(vcpus[1], new CoreId(1), -1)], string.Empty, [])
            {
                ImportedFrom = "test",
            },
        };
        send(new EventRecords(2, record => source.AddLane(record.Vcpu.Index, record)));
        return source;
    }
}
