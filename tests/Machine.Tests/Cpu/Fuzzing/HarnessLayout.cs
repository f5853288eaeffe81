namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Where things are in the memory of the harness (harness.s), and what its records hold.</summary>
internal static class HarnessLayout
{
    internal const uint Code = 0x4010_0000;
    internal const uint Variables = 0x4010_2000;
    /// <summary>RECORD_BYTES to TABLE.</summary>
    internal const uint Constants = Variables + 12;

    internal const uint ConstantBytes = 32;
    internal const uint LaunchPage = 0x4010_3000;
    internal const uint Level1Table = 0x4010_4000;
    internal const uint WindowTable = 0x4010_8000;
    internal const uint HarnessTable = 0x4010_8400;
    internal const uint UartTable = 0x4010_8800;
    internal const uint PadTable = 0x4010_8C00;
    internal const uint WindowPage = 0x4010_A000;
    internal const uint PristinePage = 0x4010_B000;
    internal const uint PadPage = 0x4010_C000;

    /// <summary>The code slots in physical memory, one a case; records and results follow from the next megabyte on.</summary>
    internal const uint Slots = 0x4020_0000;

    internal const uint PageBytes = 0x1000;
    internal const uint SectionBytes = 0x10_0000;
    internal const int SlotBytes = 32;

    /// <summary>Where cases see their slots, read-only; farther from the harness than a branch reaches.</summary>
    internal const uint SlotsVirtual = 0x9000_0000;

    /// <summary>More bytes than slots are ever mapped.</summary>
    internal const uint SlotsReach = 0x100_0000;

    /// <summary>A megabyte of traps before the slots, and one behind them.</summary>
    internal const uint PadsVirtual = SlotsVirtual - SectionBytes;

    /// <summary>
    /// A megabyte in which the one window page appears again and again, with other rights each time. Twice the address is no memory.
    /// </summary>
    internal const uint WindowVirtual = 0x3300_0000;

    /// <summary>A megabyte of a domain without access.</summary>
    internal const uint ForbiddenVirtual = WindowVirtual + SectionBytes;

    internal const uint Uart = 0x0900_0000;

    /// <summary>Where the harness sees it: not a number that cases like.</summary>
    internal const uint UartVirtual = 0x5A5A_5000;

    /// <summary>R0-R12, the address of the instructions, SP, LR, CPSR, SPSR.</summary>
    internal const int RecordWords = 18;

    /// <summary>FPSCR and D0-D31.</summary>
    internal const int VfpWords = 65;

    internal const int ResultWords = 52;

    /// <summary>The words of a result by name, in the order in which the harness stores them.</summary>
    internal static readonly string[] ResultNames =
    [
        "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp_usr", "lr_usr",
        "vector", "dfsr", "dfar", "ifsr", "ifar", "tpidrurw", "tpidruro",
        "sp_svc", "lr_svc", "spsr_svc", "sp_abt", "lr_abt", "spsr_abt", "sp_und", "lr_und", "spsr_und", "sp_irq", "lr_irq", "spsr_irq",
        "r8_fiq", "r9_fiq", "r10_fiq", "r11_fiq", "r12_fiq", "sp_fiq", "lr_fiq", "spsr_fiq",
        "memory", "words changed", "offset", "word", "offset 2", "word 2", "offset 3", "word 3", "offset 4", "word 4",
        "fpscr", .. Enumerable.Range(0, 64).Select(i => $"d{i / 2}[{i % 2}]"),
    ];

    internal static int Index(string name) => Array.IndexOf(ResultNames, name);
}
