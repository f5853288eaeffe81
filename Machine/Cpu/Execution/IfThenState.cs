namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>ITSTATE (ARM DDI 0406 A2.5.2): in bits 7:4 the condition of the next instruction, 0 outside IT blocks.</summary>
internal static class IfThenState
{
    /// <summary>An IT instruction and what it makes conditional.</summary>
    internal const int LongestBlock = 5;

    /// <summary>What it is for the instruction after.</summary>
    internal static uint Advance(uint state) => (state & 7) == 0 ? 0 : (state & 0xE0) | ((state << 1) & 0x1F);

    /// <summary>Its bits at their places in a program status register: 7:2 at 15:10, 1:0 at 26:25.</summary>
    internal static uint ToPsr(uint state) => ((state & 0xFC) << 8) | ((state & 3) << 25);

    internal static uint FromPsr(uint psr) => ((psr >> 8) & 0xFC) | ((psr >> 25) & 3);
}
