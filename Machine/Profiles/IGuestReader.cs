namespace ActorTrace.Machine.Profiles;

/// <summary>What a kernel profile reads: one guest as it stands at one instant.</summary>
public interface IGuestReader
{
    /// <summary>Reads guest memory through the guest's own translation.</summary>
    /// <param name="guestVa">Virtual address of the first byte; the range may cross a page.</param>
    /// <param name="destination">Receives the bytes; at most 256.</param>
    /// <returns>False where a byte does not translate or is no memory.</returns>
    bool TryRead(uint guestVa, Span<byte> destination);

    /// <summary>A register of the vCPU.</summary>
    uint Register(ProfileRegister r);
}

/// <summary>The registers that a kernel profile can name, in lower case.</summary>
public enum ProfileRegister : byte
{
    /// <summary>r0.</summary>
    R0 = 0,

    /// <summary>r1.</summary>
    R1 = 1,

    /// <summary>r2.</summary>
    R2 = 2,

    /// <summary>r3.</summary>
    R3 = 3,

    /// <summary>r4.</summary>
    R4 = 4,

    /// <summary>r5.</summary>
    R5 = 5,

    /// <summary>r6.</summary>
    R6 = 6,

    /// <summary>r7.</summary>
    R7 = 7,

    /// <summary>r8.</summary>
    R8 = 8,

    /// <summary>r9.</summary>
    R9 = 9,

    /// <summary>r10.</summary>
    R10 = 10,

    /// <summary>r11.</summary>
    R11 = 11,

    /// <summary>r12.</summary>
    R12 = 12,

    /// <summary>r13, also sp: of the mode the guest is in.</summary>
    R13 = 13,

    /// <summary>r14, also lr: of the mode the guest is in.</summary>
    R14 = 14,

    /// <summary>r15, also pc: the address of the probed instruction.</summary>
    R15 = 15,

    /// <summary>cpsr.</summary>
    Cpsr = 16,

    /// <summary>tpidruro: user read-only thread ID register (c13, c0, 3).</summary>
    Tpidruro = 17,

    /// <summary>tpidrurw: user read/write thread ID register (c13, c0, 2).</summary>
    Tpidrurw = 18,

    /// <summary>tpidrprw: PL1 only thread ID register (c13, c0, 4).</summary>
    Tpidrprw = 19,
}
