using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>The options by which the files of a set know each other.</summary>
internal static class SetLinks
{
    private const ushort TimeShift = 12;
    private const ushort Guest = 13;

    /// <summary>In the host's file, one for each guest: name, trace id, and for each virtual CPU the pid of its thread.</summary>
    /// <param name="guest">Which guest.</param>
    /// <param name="manifest">What it is.</param>
    /// <param name="traceId">Of its file.</param>
    public static TraceDatOption ToGuest(GuestId guest, GuestManifest manifest, ulong traceId) => new(Guest, TraceDatOptions.Bytes(data =>
    {
        TraceDatHead.Name(data, SetNames.Plain(manifest.Name));
        TraceDatHead.U64(data, traceId);
        TraceDatHead.U32(data, (uint)manifest.VcpuCores.Count);
        for (int vcpu = 0; vcpu < manifest.VcpuCores.Count; vcpu++)
        {
            TraceDatHead.U32(data, (uint)vcpu);
            TraceDatHead.U32(data, (uint)VcpuThreads.PidOf(new VcpuId(guest, (byte)vcpu)));
        }
    }));

    /// <summary>In a guest's file: the host's trace id and what to add to the times of each CPU. All read one clock: nothing.</summary>
    /// <param name="hostId">Of the host's file.</param>
    /// <param name="cpus">The guest's CPUs.</param>
    public static TraceDatOption ToHost(ulong hostId, int cpus) => new(TimeShift, TraceDatOptions.Bytes(data =>
    {
        const uint noFlags = 0;
        const uint oneSample = 1;
        TraceDatHead.U64(data, hostId);
        TraceDatHead.U32(data, noFlags);
        TraceDatHead.U32(data, (uint)cpus);
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            TraceDatHead.U32(data, oneSample);
            TraceDatHead.U64(data, 0); // taken at time 0
            TraceDatHead.U64(data, 0); // add 0 ns
            TraceDatHead.U64(data, 1); // after multiplying by 1
        }

        for (int cpu = 0; cpu < cpus; cpu++)
        {
            TraceDatHead.U64(data, 0); // of which no bits are a fraction
        }
    }));
}
