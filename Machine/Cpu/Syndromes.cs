using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Execution;

namespace ActorTrace.Machine.Cpu;

/// <summary>
/// Values of HSR (ARM DDI 0406 B3.13.6) but for IL, by the A32 word of an instruction. The condition given for a T32
/// instruction is that of ITSTATE.
/// </summary>
internal static class Syndromes
{
    /// <summary>EC 0x20, IFSC 0x22: a debug exception routed by HDCR.TDE.</summary>
    internal const uint Debug = (0x20u << 26) | 0x22;

    /// <summary>IL: the instruction has 32 bits.</summary>
    internal const uint LongInstruction = 1 << 25;
    private const uint ConditionValid = 1 << 24;
    private const uint InstructionSyndromeValid = 1 << 24;
    private const uint CacheMaintenance = 1 << 8;
    private const uint OnWalk = 1 << 7;
    private const uint WriteNotRead = 1 << 6;

    internal static uint Hypercall(uint word) => (0x12u << 26) | ((word >> 4) & 0xFFF0) | (word & 15);

    /// <summary>TI is 1 for WFE.</summary>
    internal static uint Wait(uint word) => (0x01u << 26) | Condition(word) | (A32Decoder.Decode(word) == A32.WaitForEvent ? 1u : 0);

    /// <summary>EC 0x03 MCR and MRC, 0x04 MCRR and MRRC of coprocessor 15; 0x05 and 0x0C of coprocessor 14.</summary>
    internal static uint SystemRegister(uint word)
    {
        bool debug = (word & (1 << 8)) == 0;
        uint direction = (word >> 20) & 1;
        uint crm = word & 15;
        uint rt = (word >> 12) & 15;
        uint upper = (word >> 16) & 15;
        if ((word & 0x0F00_0000) == 0x0C00_0000)
        {
            return ((debug ? 0x0Cu : 0x04u) << 26) | Condition(word) | (((word >> 4) & 15) << 16) | (upper << 10) | (rt << 5)
                | (crm << 1) | direction;
        }

        return ((debug ? 0x05u : 0x03u) << 26) | Condition(word) | (((word >> 5) & 7) << 17) | (((word >> 21) & 7) << 14)
            | (upper << 10) | (rt << 5) | (crm << 1) | direction;
    }

    internal static uint PrefetchAbort(MmuFault fault) =>
        (0x20u << 26) | (fault.OnWalk ? OnWalk : 0) | fault.Reason.Long;

    /// <summary>The instruction part is valid for a single load or store without writeback, and not for an abort on a walk.</summary>
    internal static uint DataAbort(uint word, MmuFault fault)
    {
        uint common = (0x24u << 26) | (fault.Write ? WriteNotRead : 0)
            | (fault.Maintenance || fault.Translation ? CacheMaintenance : 0) | fault.Reason.Long;
        if (fault.OnWalk)
        {
            return common | OnWalk;
        }

        int size = TransferSize(word);
        if (size == 0)
        {
            return common;
        }

        bool extra = A32Decoder.Decode(word) == A32.LoadStoreExtra;
        bool signed = extra && (word & 0x40) != 0;
        return common | InstructionSyndromeValid | ((uint)(size >> 1) << 22) | (signed ? 1u << 21 : 0) | (((word >> 12) & 15) << 16);
    }

    /// <summary>Bytes of a load or store whose syndrome is valid, 0 for all others.</summary>
    internal static int TransferSize(uint word)
    {
        const uint Indexed = 1 << 24;
        const uint Writeback = 1 << 21;
        if ((word & (Indexed | Writeback)) != Indexed)
        {
            return 0;
        }

        return A32Decoder.Decode(word) switch
        {
            A32.LoadStore => (word & (1 << 22)) != 0 ? 1 : 4,
            A32.LoadStoreExtra => (word & 0x60) == 0x40 ? 1 : 2,
            _ => 0,
        };
    }

    private static uint Condition(uint word) => ConditionValid | ((word >> 28) << 20);
}
