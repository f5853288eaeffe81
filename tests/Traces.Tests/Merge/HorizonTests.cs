using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Merge;

/// <summary>Streams that are read while they are written say by horizons that they have nothing of before an instant.</summary>
public sealed class HorizonTests
{
    private static readonly TaskReference Task1 = new(2001, "RTOS-Task1", 10);

    [Fact]
    public void Horizons_change_nothing_of_what_is_merged() =>
        Gen.Select(Gen.ULong[0, 40].Array[0, 40], Gen.ULong[0, 40].Array[0, 40], Gen.Select(Gen.ULong[0, 40], Gen.ULong[0, 9]).Array[0, 40], Gen.Bool.Array[100])
            .Sample((first, second, steps, told) =>
            {
                // A step is written when it ends.
                StepRecord[] written = [.. steps.Select(s => Step(StepKind.Mmio, s.Item1, s.Item1 + s.Item2)).OrderBy(s => s.End.Cycles)];
                LaneRecord[] one = [.. first.Order().Select((at, i) => Marker(0, at, Task1, $"0 {i}"))];
                LaneRecord[] other = [.. second.Order().Select((at, i) => Marker(1, at, Task1, $"1 {i}"))];
                MemorySource recorded = new MemorySource().AddLane(0, one).AddLane(1, other).Add(StreamNames.Core(0), written);
                MemorySource followed = new MemorySource()
                    .Add(StreamNames.Lane(0), WithHorizons(one, r => r.At, told))
                    .Add(StreamNames.Lane(1), WithHorizons(other, r => r.At, told))
                    .Add(StreamNames.Core(0), WithHorizons(written, r => r.Start, told));
                Assert.Equal(TraceMerger.Merge(recorded, TraceView.Board), TraceMerger.Merge(followed, TraceView.Board));
            });

    [Fact]
    public void A_record_that_was_drained_late_counts_from_when_it_was_known()
    {
        MemorySource followed = new MemorySource()
            .AddLane(0, Marker(0, 5, Task1, "a"), Marker(0, 30, Task1, "b"))
            .Add(StreamNames.Lane(1), Marker(1, 6, Task1, "c"), new HorizonRecord(new VirtualInstant(20)), Marker(1, 8, Task1, "late"));
        Assert.Equal([5UL, 6, 20, 30], TraceMerger.Merge(followed, TraceView.Gpos).Select(m => m.At.Cycles));
    }

    private static StepRecord Step(StepKind kind, ulong start, ulong end) => new(
        default, kind, CostCategory.None, new VirtualInstant(start), new VirtualInstant(end), new CoreId(0), VcpuOf(0), 0, 0, 0);

    /// <summary>Where it is told so, a horizon behind a record says the earliest time of all that follow.</summary>
    private static TraceRecord[] WithHorizons<T>(T[] records, Func<T, VirtualInstant> time, bool[] told)
        where T : TraceRecord =>
    [
        .. records.SelectMany((record, i) => told[i]
            ? [record, new HorizonRecord(records.Skip(i + 1).Select(time).DefaultIfEmpty(new VirtualInstant(100)).Min())]
            : new TraceRecord[] { record }),
    ];
}
