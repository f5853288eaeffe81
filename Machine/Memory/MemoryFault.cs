namespace ActorTrace.Machine.Memory;

/// <summary>A fault with the level of the translation at which it arose, and its codes in both formats (ARM DDI 0406 B3.13.3).</summary>
/// <param name="Kind">Why.</param>
/// <param name="Level">1 to 3; 0 where the kind has none.</param>
public readonly record struct MemoryFault(FaultKind Kind, int Level)
{
    /// <summary>In the order of <see cref="FaultKind"/>: FS[4:0] of a first-level and a second-level fault; STATUS[5:0] without its level.</summary>
    private static readonly (uint First, uint Second, uint Long, bool HasLevel)[] Codes =
    [
        (0b00000, 0b00000, 0b000000, false),
        (0b00001, 0b00001, 0b100001, false),
        (0b00010, 0b00010, 0b100010, false),
        (0b01100, 0b01110, 0b010100, true),
        (0b00101, 0b00111, 0b000100, true),
        (0b00011, 0b00110, 0b001000, true),
        (0b01001, 0b01011, 0b111100, true),
        (0b01101, 0b01111, 0b001100, true),
        (0b01000, 0b01000, 0b010000, false),
    ];

    /// <summary>True where there is no fault.</summary>
    public bool IsNone => Kind == FaultKind.None;

    /// <summary>FS[4:0] of the short-descriptor format (table B3-23).</summary>
    public uint Short => Level == 1 ? Codes[(int)Kind].First : Codes[(int)Kind].Second;

    /// <summary>STATUS[5:0] of the long-descriptor format (table B3-24); also HSR's DFSC and IFSC.</summary>
    public uint Long => Codes[(int)Kind].Long | (Codes[(int)Kind].HasLevel ? (uint)Level : 0);

    /// <summary>The fault with that code in the short-descriptor format; an external abort where the code is none of the above.</summary>
    /// <param name="status">FS[4:0].</param>
    public static MemoryFault FromShort(uint status)
    {
        for (int kind = 1; kind < Codes.Length; kind++)
        {
            if (Codes[kind].Second == status)
            {
                return new MemoryFault((FaultKind)kind, Codes[kind].HasLevel ? 2 : 0);
            }

            if (Codes[kind].First == status)
            {
                return new MemoryFault((FaultKind)kind, 1);
            }
        }

        return new MemoryFault(FaultKind.External, 0);
    }
}
