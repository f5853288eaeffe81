namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>The system registers of VMRS and VMSR by their numbers (ARM DDI 0406 B9.3.21); all others are UNDEFINED.</summary>
internal enum VfpRegister : byte
{
    Fpsid = 0,
    Fpscr = 1,
    Mvfr1 = 6,
    Mvfr0 = 7,
    Fpexc = 8,
}
