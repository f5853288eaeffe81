using ActorTrace.Machine.Cpu;

namespace ActorTrace.Machine.Memory;

/// <summary>The memory type of an address after TEX remap or MAIR (ARM DDI 0406 B3.8, B4.1.104).</summary>
/// <param name="Value">As a byte of MAIR: 0 strongly-ordered, 4 device, else the outer and the inner cache policy of normal memory.</param>
/// <param name="Shareability">SH[1:0]: 0 not, 2 outer, 3 inner shareable.</param>
public readonly record struct MemoryAttributes(byte Value, uint Shareability)
{
    /// <summary>Strongly-ordered memory: what data accesses go to while the MMU is off.</summary>
    public static readonly MemoryAttributes StronglyOrdered = new(0, Outer);

    private const byte Device = 4;
    private const uint Outer = 2;
    private const uint Inner = 3;

    /// <summary>MAIR's four bits for the cache policies 0 to 3: none, write-back with write-allocate, write-through, write-back.</summary>
    private static readonly byte[] Policies = [0x4, 0xF, 0xA, 0xE];

    /// <summary>PAR.Inner for MAIR's four bits, PAR.Outer is the policy's number.</summary>
    private static readonly (byte Mair, uint Inner, uint Outer)[] ParCodes = [(0x4, 0, 0), (0xF, 5, 1), (0xA, 6, 2), (0xE, 7, 3)];

    /// <summary>Neither strongly-ordered nor device.</summary>
    public bool IsNormal => Value > 0xF;

    /// <summary>PAR bits 10, 7:2 of the short format (B4.1.112): NOS, SH, inner and outer attributes.</summary>
    internal uint ShortPar
    {
        get
        {
            uint shared = Shareability != 0 ? 1u << 7 : 0;
            uint notOuter = Shareability == Outer ? 0 : 1u << 10;
            if (!IsNormal)
            {
                return shared | notOuter | (Value == 0 ? 1u << 4 : 3u << 4);
            }

            uint value = Value;
            (_, uint inner, _) = Array.Find(ParCodes, c => c.Mair == (value & 15));
            (_, _, uint outer) = Array.Find(ParCodes, c => c.Mair == value >> 4);
            return shared | notOuter | (inner << 4) | (outer << 2);
        }
    }

    /// <summary>TEX, C, B and S of a short descriptor.</summary>
    /// <param name="cp15">SCTLR.TRE, PRRR and NMRR.</param>
    /// <param name="tex">TEX[2:0].</param>
    /// <param name="cb">C and B.</param>
    /// <param name="shared">S.</param>
    internal static MemoryAttributes OfShort(Cp15 cp15, uint tex, uint cb, bool shared)
    {
        const uint TexRemap = 1 << 28;
        if ((cp15.Sctlr & TexRemap) != 0)
        {
            return Remapped(cp15, (int)(((tex & 1) << 2) | cb), shared);
        }

        uint sharing = shared ? Outer : 0;
        return (tex, cb) switch
        {
            (0, 0) => StronglyOrdered,
            (0, 1) or (2, 0) => new MemoryAttributes(Device, Outer),
            (0, 2) => Normal(2, 2, sharing),
            (0, 3) => Normal(3, 3, sharing),
            (1, 0) => Normal(0, 0, sharing),
            (1, 3) => Normal(1, 1, sharing),
            ( >= 4, _) => Normal(tex & 3, cb, sharing),
            _ => StronglyOrdered,
        };
    }

    /// <summary>AttrIndx and SH of a long descriptor.</summary>
    internal static MemoryAttributes OfLong(Cp15 cp15, int index, uint shareability) =>
        new((byte)((index < 4 ? cp15.Prrr : cp15.Nmrr) >> (8 * (index & 3))), shareability);

    private static MemoryAttributes Normal(uint outer, uint inner, uint shareability) =>
        new((byte)((Policies[outer] << 4) | Policies[inner]), shareability);

    private static MemoryAttributes Remapped(Cp15 cp15, int n, bool shared)
    {
        uint type = (cp15.Prrr >> (2 * n)) & 3;
        bool shareable = ((cp15.Prrr >> (shared ? 19 : 18)) & 1) != 0;
        bool notOuter = ((cp15.Prrr >> (24 + n)) & 1) != 0;
        return type switch
        {
            1 => new MemoryAttributes(Device, Outer),
            2 => Normal((cp15.Nmrr >> (16 + (2 * n))) & 3, (cp15.Nmrr >> (2 * n)) & 3, !shareable ? 0 : notOuter ? Inner : Outer),
            _ => StronglyOrdered,
        };
    }
}
