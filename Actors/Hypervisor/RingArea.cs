using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Recording;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Sharing;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>The memory that hypervisor and GPOS share: all rings. Belongs to the GPOS's core.</summary>
/// <param name="topology">Where each ring lies.</param>
/// <param name="region">The memory.</param>
public sealed class RingArea(TraceTopology topology, RamRegion region)
{
    /// <summary>The memory.</summary>
    public RamRegion Region { get; } = region;

    /// <summary>The bytes of a ring.</summary>
    public Span<byte> Bytes(int ring)
    {
        RingDescriptor descriptor = topology.Rings[ring];
        return Region.Bytes.AsSpan(descriptor.Offset, descriptor.Length);
    }

    /// <summary>Makes a store of another core visible.</summary>
    public void Apply(RingStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        TraceRing.ApplyRemoteStore(Bytes(store.Ring), store.Slot.Span, store.Producer, store.Overrun);
    }
}
