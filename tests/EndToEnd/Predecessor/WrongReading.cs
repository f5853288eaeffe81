using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>The tasks of a hit are read by another walk; where it leads to no memory there is no record.</summary>
internal sealed class WrongReading(IPart extraction, WrongWalks walks, Walk walk) : AlteredPart(extraction)
{
    private readonly Dictionary<int, TraceRingProducer> producers = [];
    private readonly Dictionary<int, uint> produced = [];
    private ExtractHit? hit;

    /// <summary>Hits whose tasks could not be read.</summary>
    public int Unreadable { get; private set; }

    public override void Handle(object message, IOutbox outbox)
    {
        hit = message as ExtractHit;
        foreach ((int ring, uint next) in produced)
        {
            hit?.Lease.ConsumerViews[ring] = next;
        }

        base.Handle(message, outbox);
    }

    protected override object? Alter(object message)
    {
        if (message is not SendSgi { Message: { Effect: RingStore store } sent } || hit is null)
        {
            return message;
        }

        produced[store.Ring] = store.Producer;
        CompiledProfile profile = hit.Lease.Guest!.Spec.Profile!;
        var reader = new WalkReader(walks, walk, hit.Lease);
        TaskSnapshot next = default;
        bool isSwitch = hit.Probe.Kind == ProbeKind.Switch;
        if (!(isSwitch ? profile.TryReadSwitch(reader, out TaskSnapshot previous, out next) : profile.TryReadCurrent(reader, out previous)))
        {
            Unreadable++;
            return null;
        }

        if (!producers.TryGetValue(store.Ring, out TraceRingProducer? producer))
        {
            producers[store.Ring] = producer = new TraceRingProducer(hit.Lease.Scenario.Trace.RingSlots);
        }

        byte[] slot = new byte[RingRecord.Size];
        Assert.True(producer.TryProduce(RingRecord.Decode(store.Slot.Span) with { Previous = previous, Next = next }, producer.Next, slot));
        return new SendSgi(sent with { Effect = new RingStore(store.Ring, slot, producer.Next, producer.Overrun) });
    }
}
