using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Benchmarks;

/// <summary>A run of any number of hits of a probe, made as it is read: 12 steps on two cores and a log entry each.</summary>
internal sealed class HitRun(int hits) : ITraceSource
{
    private const ulong Period = 10_000;

    private static readonly CoreId Core0 = new(0);
    private static readonly CoreId Core1 = new(1);
    private static readonly VcpuId Gpos = new(new GuestId(0), 0);
    private static readonly VcpuId Rtos = new(new GuestId(1), 0);
    private static readonly TaskReference Task = new(2004, "RTOS-Task1", 4);
    private static readonly TaskReference Idle = new(0, "swapper/1", 120);

    private static readonly (StepKind Step, ulong Start, ulong End)[] OnRtos =
    [
        (StepKind.Trap, 0, 1_560), (StepKind.Route, 1_560, 1_560), (StepKind.Extraction, 1_560, 1_910), (StepKind.RingWrite, 1_910, 2_000),
        (StepKind.SgiSend, 2_000, 2_060), (StepKind.Resume, 2_060, 3_620), (StepKind.DisplacedInstruction, 3_620, 3_621),
    ];

    private static readonly (StepKind Step, ulong Start, ulong End)[] OnGpos =
    [
        (StepKind.Injection, 4_300, 4_360), (StepKind.IsrEntry, 5_900, 6_260), (StepKind.Drain, 6_260, 6_380),
        (StepKind.Conversion, 6_380, 6_670), (StepKind.BufferWrite, 6_670, 6_670),
    ];

    /// <inheritdoc/>
    public RunManifest Manifest { get; } = new(
        1, "hits", new ClockRates(1_000_000_000, 24_000_000, 1), 2,
        [new GuestManifest("android", 0, [Core0], 0), new GuestManifest("ucos", 1, [Core1], 2000)],
        [new LaneManifest(Rtos, Core0, 0)], string.Empty, []);

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName) =>
        string.Equals(streamName, StreamNames.Core(0), StringComparison.Ordinal) ? Steps(OnGpos, Core0, Gpos)
        : string.Equals(streamName, StreamNames.Core(1), StringComparison.Ordinal) ? Steps(OnRtos, Core1, Rtos)
        : string.Equals(streamName, StreamNames.Lane(0), StringComparison.Ordinal) ? Entries()
        : [];

    private static Stamp Cause(int hit) => new(new VirtualInstant((ulong)hit * Period), SourceId.Of(Core1), (ulong)hit);

    private IEnumerable<TraceRecord> Steps((StepKind Step, ulong Start, ulong End)[] steps, CoreId core, VcpuId vcpu)
    {
        for (int hit = 0; hit < hits; hit++)
        {
            ulong at = (ulong)hit * Period;
            foreach ((StepKind step, ulong start, ulong end) in steps)
            {
                yield return new StepRecord(
                    Cause(hit), step, CostCategory.TrapEntry, new VirtualInstant(at + start), new VirtualInstant(at + end), core, vcpu, 0x40008BB8, 1, 2);
            }
        }
    }

    private IEnumerable<TraceRecord> Entries()
    {
        for (int hit = 0; hit < hits; hit++)
        {
            VirtualInstant at = new((ulong)hit * Period);
            bool even = hit % 2 == 0;
            yield return new SwitchRecord(Cause(hit), at, at + 6_670, Rtos, Core1, even ? Task : Idle, 1, even ? Idle : Task);
        }
    }
}
