namespace ActorTrace.Machine.Cpu;

/// <summary>The processor modes, CPSR.M (ARM DDI 0406 B1.3.1), and the bank each uses.</summary>
internal static class ProcessorMode
{
    internal const uint User = 0b10000;
    internal const uint Fiq = 0b10001;
    internal const uint Irq = 0b10010;
    internal const uint Supervisor = 0b10011;
    internal const uint Abort = 0b10111;
    internal const uint Undefined = 0b11011;
    internal const uint System = 0b11111;

    internal const int UserBank = 0;
    internal const int FiqBank = 1;
    internal const int IrqBank = 2;
    internal const int SupervisorBank = 3;
    internal const int AbortBank = 4;
    internal const int UndefinedBank = 5;

    internal static bool Exists(uint mode) => mode is User or Fiq or Irq or Supervisor or Abort or Undefined or System;

    /// <summary>User and System mode share bank 0, which has no SPSR.</summary>
    internal static int Bank(uint mode) => mode switch
    {
        Fiq => FiqBank,
        Irq => IrqBank,
        Supervisor => SupervisorBank,
        Abort => AbortBank,
        Undefined => UndefinedBank,
        _ => UserBank,
    };
}
