namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// The instruction that a probe puts into the guest (ARM DDI 0406 A8.8.71 HVC, A8.8.24 BKPT). HVC is for code that only PL1 runs;
/// BKPT traps at any level, is unconditional in an IT block, and has a 16-bit form.
/// </summary>
/// <param name="Bits">Its encoding; of a 32-bit T32 instruction the first halfword above the second.</param>
/// <param name="Length">2 or 4 bytes.</param>
/// <param name="IsBreakpoint">BKPT; it traps while HDCR.TDE is set.</param>
public readonly record struct ProbeInstruction(uint Bits, int Length, bool IsBreakpoint)
{
    private const uint HypercallA32 = 0xE140_0070;
    private const uint BreakpointA32 = 0xE120_0070;
    private const uint HypercallT32 = 0xF7E0_8000;
    private const uint BreakpointT32 = 0xBE00;
    private const ushort FirstImmediate = 0x0100;
    private const ushort Immediates = 0x0F00;

    /// <summary>A hypercall in A32 code. The immediate is a hint only: a probe is found by its address.</summary>
    public static ProbeInstruction OfA32(ushort probe, bool breakpoint)
    {
        uint immediate = Immediate(probe);
        uint opcode = breakpoint ? BreakpointA32 : HypercallA32;
        return new ProbeInstruction(opcode | ((immediate >> 4) << 8) | (immediate & 0xF), 4, breakpoint);
    }

    /// <summary>A hypercall over a 32-bit instruction, or a breakpoint over the first halfword of any.</summary>
    public static ProbeInstruction OfT32(ushort probe, bool breakpoint)
    {
        uint immediate = Immediate(probe);
        return breakpoint
            ? new ProbeInstruction(BreakpointT32 | (byte)probe, 2, true)
            : new ProbeInstruction(HypercallT32 | ((immediate >> 12) << 16) | (immediate & 0xFFF), 4, false);
    }

    /// <summary>True where a halfword is the first of a 32-bit T32 instruction (A6.1).</summary>
    public static bool IsLong(ushort halfword) => halfword >> 11 is 0b11101 or 0b11110 or 0b11111;

    private static uint Immediate(ushort probe) => (uint)(FirstImmediate + (probe % Immediates));
}
