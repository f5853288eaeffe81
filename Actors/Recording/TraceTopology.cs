using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Recording;

/// <summary>A ring: memory shared between the hypervisor of one core and the GPOS.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Vcpu">The vCPU whose hits it takes.</param>
/// <param name="Producer">The core that writes it.</param>
/// <param name="Offset">Byte offset in the ring area.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Lane">The lane its records are converted into.</param>
public sealed record RingDescriptor(int Index, VcpuId Vcpu, CoreId Producer, int Offset, int Length, int Lane);

/// <summary>Which lanes and rings a run has, and who is the GPOS.</summary>
public sealed class TraceTopology
{
    private TraceTopology(VcpuId? gpos, CoreId gposCore, IReadOnlyList<RingDescriptor> rings, IReadOnlyList<Traces.Events.LaneManifest> lanes)
    {
        Gpos = gpos;
        GposCore = gposCore;
        Rings = rings;
        Lanes = lanes;
    }

    /// <summary>The vCPU that has the profiler; null where no guest has one.</summary>
    public VcpuId? Gpos { get; }

    /// <summary>The core it is pinned to; core 0 where there is none.</summary>
    public CoreId GposCore { get; }

    /// <summary>The rings; index = number.</summary>
    public IReadOnlyList<RingDescriptor> Rings { get; }

    /// <summary>The lanes; index = number. Lane 0 is the GPOS's own tracer where there is a GPOS.</summary>
    public IReadOnlyList<Traces.Events.LaneManifest> Lanes { get; }

    /// <summary>Bytes of the ring area, a multiple of 4 KiB.</summary>
    public int AreaLength => Rings.Count == 0 ? 0x1000 : Rings[^1].Offset + ((Rings[^1].Length + 0xFFF) & ~0xFFF);

    /// <summary>The ring of a vCPU's hits.</summary>
    public RingDescriptor RingOf(VcpuId vcpu) => Rings.First(r => r.Vcpu == vcpu);

    /// <summary>Lays out the lanes and rings of a scenario: the GPOS's own lane first, then one ring and lane for each vCPU in scenario order.</summary>
    public static TraceTopology Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        List<RingDescriptor> rings = [];
        List<Traces.Events.LaneManifest> lanes = [];
        int gposIndex = scenario.Hypervisor ? scenario.Guests.ToList().FindIndex(g => g.Profiler) : -1;
        foreach ((GuestSpec guest, int index) in scenario.Guests.Select((g, i) => (g, i)).Where(p => p.g.Workload is not null && (p.g.Profiler || !scenario.Hypervisor)))
        {
            lanes.Add(new Traces.Events.LaneManifest(new VcpuId(new GuestId((byte)index), 0), guest.Core, -1));
        }

        if (gposIndex < 0)
        {
            return new TraceTopology(null, new CoreId(0), rings, lanes);
        }

        int offset = 0;
        int length = Machine.Sharing.TraceRing.SizeInBytes(scenario.Trace.RingSlots);
        for (int i = 0; i < scenario.Guests.Count; i++)
        {
            foreach ((CoreId core, int number) in scenario.Guests[i].VcpuCores.Select((c, n) => (c, n)))
            {
                VcpuId vcpu = new(new GuestId((byte)i), (byte)number);
                lanes.Add(new Traces.Events.LaneManifest(vcpu, core, rings.Count));
                rings.Add(new RingDescriptor(rings.Count, vcpu, core, offset, length, lanes.Count - 1));
                offset += (length + 0xFFF) & ~0xFFF;
            }
        }

        return new TraceTopology(new VcpuId(new GuestId((byte)gposIndex), 0), scenario.Guests[gposIndex].Core, rings, lanes);
    }
}
