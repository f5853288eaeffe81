using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// The GPOS's trace interrupt service routine: drains the rings, has each record converted, stores the result in the trace buffer.
/// It takes time of its core: each step below is charged before the next begins.
/// </summary>
/// <remarks>
/// A slot counts as drained, and becomes free, when its record has been dealt with; so the loss equation holds at every instant.
/// A step's End - Start is what it cost, also where the hypervisor interrupted it and it ended later than that.
/// The producer on another core learns of freed slots at the end of each ring's drain.
/// </remarks>
/// <param name="context">The workload guest.</param>
internal sealed class TraceInterrupt(WorkloadContext context)
{
    private const string HandlerName = "actortrace";
    private readonly TraceRingConsumer[] consumers = [.. context.Rings.Select(_ => new TraceRingConsumer())];
    private readonly LogConverter converter = new(context.Scenario.Guests, context.Scenario.Board.Clock);
    private readonly SortedDictionary<ushort, DrainTally> tallies = [];
    private readonly List<LaneRecord> converted = [];
    private readonly ulong[] overrunsTold = new ulong[context.Rings.Count];
    private readonly ulong[] rejectedUntold = new ulong[context.Rings.Count];
    private Stamp entryCause;

    /// <summary>The time; to be set before the enumeration goes on.</summary>
    public VirtualInstant Now { get; set; }

    /// <summary>What was counted of a probe.</summary>
    public DrainTally TallyOf(ushort probe) => tallies.GetValueOrDefault(probe);

    /// <summary>Handles one interrupt.</summary>
    /// <param name="taken">When the exception was taken.</param>
    /// <param name="entryCycles">What the kernel's entry code took.</param>
    /// <param name="interrupted">The task that ran.</param>
    /// <returns>The charges.</returns>
    public IEnumerable<ulong> Handle(VirtualInstant taken, ulong entryCycles, TaskReference interrupted)
    {
        Trace(interrupted, isEntry: true);
        yield return context.Costs.TraceIsr;
        ulong entered = entryCycles + context.Costs.TraceIsr;
        bool announced = false;
        bool more = true;
        while (more)
        {
            more = false;
            for (int i = 0; i < consumers.Length; i++)
            {
                uint drainedFrom = consumers[i].Next;
                while (TryRead(i, out RingReading reading, out RingRecord record))
                {
                    if (!announced)
                    {
                        Entry(record.Cause, taken, entered);
                        announced = true;
                    }

                    VirtualInstant start = Now;
                    yield return context.Costs.DrainRecord;
                    Step(record.Cause, StepKind.Drain, CostCategory.TraceIsr, start, context.Costs.DrainRecord, context.Rings[i].Index, 1);
                    start = Now;
                    yield return context.Costs.ConvertRecord;
                    Step(record.Cause, StepKind.Conversion, CostCategory.Conversion, start, context.Costs.ConvertRecord, context.Rings[i].Index, record.Sequence);
                    Store(i, reading, record);
                    more = true;
                }

                Publish(i, drainedFrom);
            }
        }

        if (!announced)
        {
            Entry(context.NewStamp(taken), taken, entered);
        }

        Trace(interrupted, isEntry: false);
    }

    /// <summary>The kernel's own tracer: irq_handler_entry and irq_handler_exit.</summary>
    private void Trace(TaskReference interrupted, bool isEntry) => context.Sink.Lane(context.Lane, new IrqRecord(
        context.NewStamp(Now), Now, Now, context.Vcpu, context.Core, interrupted, (int)WorkloadContext.TraceInterruptId, HandlerName, isEntry));

    /// <summary>Records the end of the interrupt: the way back to the interrupted task.</summary>
    /// <param name="handled">When it began.</param>
    /// <param name="cycles">What the kernel's exit code took.</param>
    public void Leave(VirtualInstant handled, ulong cycles) =>
        context.Sink.Step(new StepRecord(
            entryCause, StepKind.IsrEntry, CostCategory.TraceIsr, handled, handled + cycles, context.Core, context.Vcpu, 0, WorkloadContext.TraceInterruptId, 1));

    /// <summary>Tells of the losses that no later record tells of: at the end of a run.</summary>
    public void Finish(VirtualInstant at)
    {
        for (int i = 0; i < consumers.Length; i++)
        {
            GposRing ring = context.Rings[i];
            ulong lost = unchecked(TraceRing.ReadOverrun(ring.Memory.Span) - (uint)overrunsTold[i]) + rejectedUntold[i];
            if (lost > 0)
            {
                context.Sink.Lane(ring.Lane, new LostRecordsRecord(
                    context.NewStamp(at), at, at, ring.Vcpu, ring.Core, LinuxTask.IdleOf(ring.Vcpu), lost));
            }
        }
    }

    private void Entry(Stamp cause, VirtualInstant taken, ulong cycles)
    {
        entryCause = cause;
        context.Sink.Step(new StepRecord(
            cause, StepKind.IsrEntry, CostCategory.TraceIsr, taken, taken + cycles, context.Core, context.Vcpu, 0, WorkloadContext.TraceInterruptId, 0));
    }

    private bool TryRead(int ring, out RingReading reading, out RingRecord record)
    {
        reading = consumers[ring].Read(context.Rings[ring].Memory.Span, out RingRecord? read);
        record = read!;
        return reading is RingReading.Record or RingReading.Rejected;
    }

    private void Store(int ring, RingReading reading, RingRecord record)
    {
        GposRing from = context.Rings[ring];
        converted.Clear();
        bool accepted = reading == RingReading.Record && converter.TryConvert(from, record, Now, rejectedUntold[ring], converted);
        rejectedUntold[ring] = accepted ? 0 : rejectedUntold[ring] + 1;
        overrunsTold[ring] += accepted ? record.LostBefore : 0;
        DrainTally before = TallyOf(record.Probe);
        tallies[record.Probe] = new DrainTally(
            before.Drained + 1, before.Converted + (accepted ? 1UL : 0), before.Rejected + (accepted ? 0 : 1UL));
        foreach (LaneRecord entry in converted)
        {
            context.Sink.Lane(from.Lane, entry);
        }

        if (converted.Count > 0)
        {
            Step(record.Cause, StepKind.BufferWrite, CostCategory.None, Now, 0, from.Lane, (ulong)converted.Count);
        }

        consumers[ring].Publish(from.Memory.Span);
    }

    private void Publish(int ring, uint drainedFrom)
    {
        Span<byte> memory = context.Rings[ring].Memory.Span;
        uint next = consumers[ring].Next;
        if (next != drainedFrom || TraceRing.ReadConsumer(memory) != next)
        {
            consumers[ring].Publish(memory);
            context.ConsumerMoved(context.Rings[ring].Index, next, Now);
        }
    }

    private void Step(Stamp cause, StepKind kind, CostCategory category, VirtualInstant start, ulong cycles, int detail, ulong detail2) =>
        context.Sink.Step(new StepRecord(cause, kind, category, start, start + cycles, context.Core, context.Vcpu, 0, (ulong)detail, detail2));
}
