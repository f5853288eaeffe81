using ActorTrace.Machine.Cpu;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>The instruction syndrome of a stage-2 data abort, HSR.ISS for EC 0x24 (ARM DDI 0406 B3.13.6).</summary>
/// <param name="exit">The trap.</param>
internal readonly struct DataAbort(CoreExit exit)
{
    /// <summary>ISV: the other fields are valid (a single load or store without writeback).</summary>
    public bool IsValid => ((exit.Iss >> 24) & 1) != 0;

    /// <summary>WnR: a store.</summary>
    public bool IsWrite => ((exit.Iss >> 6) & 1) != 0;

    /// <summary>SAS: bytes, 1, 2 or 4.</summary>
    public int Size => 1 << (int)((exit.Iss >> 22) & 3);
}
