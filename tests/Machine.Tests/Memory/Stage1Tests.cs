using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>Short descriptors of every kind against a second implementation, written bit by bit from B3.5.1 and B3.7.</summary>
public class Stage1Tests
{
    private const uint Tables = 0x4000_0000;
    private const uint SecondLevel = Tables + 0x8000;

    private sealed record Setting(uint Va, uint First, uint Second, uint Dacr, uint Ttbcr, uint Sctlr, int Access, bool Privileged)
    {
        internal int N => (int)(Ttbcr & 7);

        internal bool Simplified => (Sctlr & (1 << 29)) != 0;
    }

    private static readonly Gen<Setting> Settings =
        from va in Gen.UInt
        from kind in Gen.Int[0, 5]
        from noise in Gen.UInt
        from second in Gen.UInt
        from dacr in Gen.UInt
        from ttbcr in Gen.Select(Gen.UInt[0, 7], Gen.Frequency((4, Gen.Const(0u)), (1, Gen.UInt[0, 3])))
        from sctlr in Gen.Select(Gen.UInt[0, 3], Gen.UInt[0, 3])
        from flags in Gen.Select(Gen.Int[0, 2], Gen.Bool)
        select new Setting(
            va,
            kind switch { 0 => noise & ~3u, 1 or 2 => SecondLevel | (noise & 0x3E4) | 1, 3 => (noise & ~0x40003u) | 2, 4 => noise | 0x40002, _ => noise },
            second, dacr, ttbcr.Item1 | (ttbcr.Item2 << 4), 1u | (sctlr.Item1 << 28) | (sctlr.Item2 << 19), flags.Item1, flags.Item2);

    /// <summary>Tables B3-10 (TRE clear) and B3-12 (TRE set): TEX, C, B and what they mean as a byte of MAIR.</summary>
    [Theory]
    [InlineData(false, 0b000_00, 0x00)]
    [InlineData(false, 0b000_01, 0x04)]
    [InlineData(false, 0b000_10, 0xAA)]
    [InlineData(false, 0b000_11, 0xEE)]
    [InlineData(false, 0b001_00, 0x44)]
    [InlineData(false, 0b001_11, 0xFF)]
    [InlineData(false, 0b010_00, 0x04)]
    [InlineData(false, 0b101_10, 0xFA)]
    [InlineData(false, 0b111_00, 0xE4)]
    [InlineData(true, 0b000_00, 0x00)] // TR0 strongly-ordered
    [InlineData(true, 0b110_01, 0x04)] // TR1 device; TEX[2:1] are the system's
    [InlineData(true, 0b000_10, 0x4A)] // TR2 normal, OR2 none, IR2 write-through
    [InlineData(true, 0b001_11, 0xFE)] // TR7 normal, OR7 write-back with write-allocate, IR7 write-back
    public void A_memory_type_is_that_of_the_manuals_tables(bool remap, uint bits, byte type)
    {
        RamRegion ram = new(new Pa(Tables), 0x4000);
        VcpuContext vcpu = new(default);
        (vcpu.Cp15.Ttbr0, vcpu.Cp15.Sctlr) = (Tables, remap ? 1u | (1 << 28) : 1);
        vcpu.Cp15.Prrr = (0u << 0) | (1u << 2) | (2u << 4) | (2u << 14);
        vcpu.Cp15.Nmrr = (0u << 20) | (2u << 4) | (1u << 30) | (3u << 14);
        BinaryPrimitives.WriteUInt32LittleEndian(ram.Bytes, 2 | ((bits >> 2) << 12) | ((bits & 3) << 2));
        Stage1Result found = Stage1Walk.Translate(vcpu, new PhysicalMemory([ram]), new GuestVa(0));
        Assert.Equal(type, found.Attributes.Value);
    }

    [Fact]
    public void Any_descriptor_gives_the_address_or_fault_of_the_manual() => Settings.Sample(Check, iter: 20_000);

    private static void Check(Setting s)
    {
        RamRegion ram = new(new Pa(Tables), 0x1_0000);
        PhysicalMemory memory = new([ram]);
        VcpuContext vcpu = new(default);
        Cp15 cp15 = vcpu.Cp15;
        bool usesTtbr1 = s.N != 0 && s.Va >= 1u << (32 - s.N);
        (cp15.Ttbr0, cp15.Ttbr1, cp15.Ttbcr, cp15.Dacr) = (Tables, Tables + 0x4000, s.Ttbcr, s.Dacr);
        cp15.Sctlr = s.Sctlr;
        int entry = (int)((usesTtbr1 ? 0x4000 : 0) + ((s.Va >> 20) * 4));
        if (!usesTtbr1)
        {
            entry &= (0x4000 >> s.N) - 1;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(ram.Bytes.AsSpan(entry), s.First);
        bool ownTable = (s.First & 3) == 1 && (s.First & 0xFFFF_FC00) == SecondLevel;
        if (ownTable)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(ram.Bytes.AsSpan(0x8000 + (int)(((s.Va >> 12) & 0xFF) * 4)), s.Second);
        }
        else if ((s.First & 3) == 1)
        {
            return;
        }

        bool disabled = ((s.Ttbcr >> (usesTtbr1 ? 5 : 4)) & 1) == 1;
        (uint fault, ulong address) = disabled ? (5, 0) : Expected(s);
        Stage1Result found = Stage1Walk.Check(cp15, Stage1Walk.Translate(vcpu, memory, new GuestVa(s.Va)), (MemoryAccess)s.Access, s.Privileged);
        Assert.Equal(fault, found.Fault.Short);
        if (fault == 0)
        {
            Assert.Equal(address, found.Ipa.Value);
        }

        Assert.Equal(disabled ? 0 : (s.First & 3) == 1 ? 2 : 1, found.DescriptorReads);
    }

    private static (uint Fault, ulong Address) Expected(Setting s)
    {
        string first = Convert.ToString(s.First, 2).PadLeft(32, '0');
        string sctlr = Convert.ToString(s.Sctlr, 2).PadLeft(32, '0');
        string second = Convert.ToString(s.Second, 2).PadLeft(32, '0');
        uint Bits(string word, int high, int low) => Convert.ToUInt32(word[(31 - high)..(32 - low)], 2);
        uint type = Bits(first, 1, 0);
        if (type == 0)
        {
            return (5, 0);
        }

        bool page = type == 1;
        bool large = page && Bits(second, 1, 0) == 1;
        if (page && Bits(second, 1, 0) == 0)
        {
            return (7, 0);
        }

        bool super = !page && Bits(first, 18, 18) == 1;
        uint domain = super ? 0 : Bits(first, 8, 5);
        string leaf = page ? second : first;
        uint ap = page ? Bits(leaf, 5, 4) + (4 * Bits(leaf, 9, 9)) : Bits(leaf, 11, 10) + (4 * Bits(leaf, 15, 15));
        bool never = (page ? large ? Bits(leaf, 15, 15) : Bits(leaf, 0, 0) : Bits(leaf, 4, 4)) == 1;
        bool privilegedNever = (page ? Bits(first, 2, 2) : Bits(first, 0, 0)) == 1;
        if (s.Simplified && (ap & 1) == 0)
        {
            return (page ? 6u : 3u, 0);
        }

        uint access = (s.Dacr >> (int)(domain * 2)) & 3;
        if (access is 0 or 2)
        {
            return (page ? 11u : 9u, 0);
        }

        // Rights by AP[2:0] for PL1 and PL0: none, read, write.
        string[] rights = s.Simplified
            ? ["w-", "w-", "ww", "ww", "r-", "r-", "rr", "rr"]
            : ["--", "w-", "wr", "ww", "--", "r-", "rr", "rr"];
        char right = rights[ap][s.Privileged ? 0 : 1];
        bool allowed = right == 'w' || (right == 'r' && s.Access != (int)MemoryAccess.Write);
        if (s.Access == (int)MemoryAccess.Execute)
        {
            allowed &= !never && !(s.Privileged && privilegedNever);
            allowed &= !(right == 'w' && Bits(sctlr, 19, 19) == 1);
            allowed &= !(s.Privileged && rights[ap][1] == 'w' && Bits(sctlr, 20, 20) == 1);
        }

        if (access == 1 && !allowed)
        {
            return (page ? 15u : 13u, 0);
        }

        ulong address = (page, large, super) switch
        {
            (true, true, _) => ((ulong)Bits(second, 31, 16) << 16) + (s.Va & 0xFFFF),
            (true, false, _) => ((ulong)Bits(second, 31, 12) << 12) + (s.Va & 0xFFF),
            (_, _, true) => ((ulong)Bits(first, 8, 5) << 36) + ((ulong)Bits(first, 23, 20) << 32) + ((ulong)Bits(first, 31, 24) << 24) + (s.Va & 0xFF_FFFF),
            _ => ((ulong)Bits(first, 31, 20) << 20) + (s.Va & 0xF_FFFF),
        };
        return (0, address);
    }
}
