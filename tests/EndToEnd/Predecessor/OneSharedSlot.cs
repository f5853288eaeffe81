using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>
/// One record shared with the GPOS instead of a ring: the extraction writes each hit over the one before, read or not. In the ring's
/// clothing: the next slot where the last record was read, else the same one again.
/// </summary>
internal sealed class OneSharedSlot(IPart extraction, SimulatedBoard board) : AlteredPart(extraction)
{
    private readonly Dictionary<int, uint> sequences = [];

    /// <summary>Records that were written over before the GPOS had read them.</summary>
    public int Overwritten { get; private set; }

    public override void Handle(object message, IOutbox outbox)
    {
        if (message is ExtractHit hit)
        {
            // The real extraction must never find its ring full.
            foreach ((int ring, uint produced) in Produced)
            {
                hit.Lease.ConsumerViews[ring] = produced;
            }
        }

        base.Handle(message, outbox);
    }

    private Dictionary<int, uint> Produced { get; } = [];

    protected override object? Alter(object message)
    {
        if (message is not SendSgi { Message.Effect: RingStore store })
        {
            return message;
        }

        Produced[store.Ring] = store.Producer;
        RingDescriptor ring = board.Topology.Rings[store.Ring];
        ulong area = PhysicalLayout.RingArea.Value + (ulong)ring.Offset;
        Span<byte> memory = board.GuestLeases[board.Topology.Gpos!.Value.Guest.Index].Memory.Slice(new Pa(area), (uint)ring.Length);
        uint next = sequences.GetValueOrDefault(store.Ring);
        bool unread = next != TraceRing.ReadConsumer(memory);
        Overwritten += unread ? 1 : 0;
        uint sequence = unread ? next - 1 : next;
        byte[] slot = new byte[RingRecord.Size];
        (RingRecord.Decode(store.Slot.Span) with { Sequence = sequence, LostBefore = 0 }).Encode(slot);
        sequences[store.Ring] = sequence + 1;
        TraceRing.ApplyRemoteStore(memory, slot, sequence + 1, 0);
        return null;
    }
}
