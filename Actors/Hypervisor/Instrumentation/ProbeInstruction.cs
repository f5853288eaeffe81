namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>The instruction that a probe puts into the guest: HVC with an immediate of 0x0100..0x0FFF (ARM DDI 0406 A8.8.71, cond AL).</summary>
public static class ProbeInstruction
{
    private const uint HvcA32 = 0xE140_0070;
    private const ushort FirstImmediate = 0x0100;
    private const ushort Immediates = 0x0F00;

    /// <summary>The A32 encoding for a probe. The immediate is a hint only: a probe is found by its address.</summary>
    public static uint Encode(ushort probe)
    {
        uint immediate = (uint)(FirstImmediate + (probe % Immediates));
        return HvcA32 | ((immediate >> 4) << 8) | (immediate & 0xF);
    }
}
