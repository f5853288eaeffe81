namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The exceptions that a guest's own kernel takes.</summary>
internal enum GuestException
{
    Undefined,
    SupervisorCall,
    PrefetchAbort,
    DataAbort,
    Irq,
    Fiq,
}

/// <summary>Takes exceptions to PL1 (ARM DDI 0406 B1.8, B1.9) by a table.</summary>
internal static unsafe class ExceptionEntry
{
    private const uint SctlrHighVectors = 1 << 13;
    private const uint SctlrBigEndian = 1 << 25;
    private const uint SctlrThumb = 1 << 30;
    private const uint HighVectors = 0xFFFF_0000;

    /// <summary>In the order of <see cref="GuestException"/>. Link: what LR is after R15, in A32 and in T32 state.</summary>
    private static readonly (uint Vector, uint Mode, uint LinkA32, uint LinkT32, uint Masks)[] Table =
    [
        (0x04, ProcessorMode.Undefined, 4, 2, Psr.MaskIrq),
        (0x08, ProcessorMode.Supervisor, 4, 2, Psr.MaskIrq),
        (0x0C, ProcessorMode.Abort, 4, 4, Psr.MaskIrq | Psr.MaskAborts),
        (0x10, ProcessorMode.Abort, 8, 8, Psr.MaskIrq | Psr.MaskAborts),
        (0x18, ProcessorMode.Irq, 4, 4, Psr.MaskIrq | Psr.MaskAborts),
        (0x1C, ProcessorMode.Fiq, 4, 4, Psr.MaskIrq | Psr.MaskAborts | Psr.MaskFiq),
    ];

    /// <summary>Takes an exception; R15 is the instruction that was to be next, or the one that caused it.</summary>
    internal static void Take(VcpuContext vcpu, GuestException exception)
    {
        CpuState* s = vcpu.State;
        (uint vector, uint mode, uint linkA32, uint linkT32, uint masks) = Table[(int)exception];
        uint psr = s->ReadCpsr();
        uint link = s->R[15] + ((psr & Psr.Thumb) != 0 ? linkT32 : linkA32);
        uint state = ((vcpu.Cp15.Sctlr & SctlrThumb) != 0 ? Psr.Thumb : 0) | ((vcpu.Cp15.Sctlr & SctlrBigEndian) != 0 ? Psr.BigEndian : 0);
        s->WriteCpsr(mode | masks | state, Psr.ModeMask | masks | Psr.Thumb | Psr.BigEndian | Psr.IfThen | (1u << 24));
        s->Spsr[ProcessorMode.Bank(mode)] = psr;
        s->R[14] = link;
        s->R[15] = ((vcpu.Cp15.Sctlr & SctlrHighVectors) != 0 ? HighVectors : vcpu.Cp15.Vbar) + vector;
    }
}
