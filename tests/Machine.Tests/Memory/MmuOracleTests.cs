using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Tests.Cpu;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Tests.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>Thousands of accesses through random tables: values, fault status and address, PAR and memory as on QEMU's Cortex-A15.</summary>
public class MmuOracleTests
{
    private const int Configurations = 24;
    private const int AccessesPerConfiguration = 100;

    private static readonly string[] Words = ["value", "exception", "DFSR", "DFAR", "IFSR", "IFAR", "PAR", "PAR high"];

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Accesses_through_short_descriptors_end_as_on_qemu(int seed) => Compare(seed, ShortTables);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Accesses_through_long_descriptors_end_as_on_qemu(int seed) => Compare(seed, LongTables);

    private static void Compare(int seed, Func<MmuOracleImage, Random, VcpuContext> tables)
    {
        QemuGuest.Require();
        Random random = new(seed);
        MmuOracleImage image = new(random, Assemble());
        for (int i = 0; i < Configurations; i++)
        {
            VcpuContext vcpu = tables(image, random);
            image.Configure(vcpu.Cp15);
            int added = 0;
            while (added < AccessesPerConfiguration)
            {
                added += image.TryAccess(vcpu) ? 1 : 0;
            }
        }

        image.Finish();
        int records = (image.Cases.Count - 1) * MmuOracleImage.RecordWords * 4;
        byte[] start = image.Bytes.ToArray();
        byte[][] ours = OnCore(image, records);
        byte[][] theirs = OnQemu(start, records);
        string configuration = "";
        List<string> differences = [];
        for (int i = 0; i < image.Cases.Count - 1; i++)
        {
            (MmuOperation operation, uint address, string title) = image.Cases[i];
            configuration = operation == MmuOperation.Configure ? title : configuration;
            string found = Difference(theirs[0].AsSpan(i * 32, 32), ours[0].AsSpan(i * 32, 32), operation);
            if (found.Length > 0)
            {
                differences.Add($"{i}: {title} 0x{address:x8} with {configuration}: {found}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ:\n{string.Join('\n', differences.Take(30))}");
        Assert.Equal(theirs[1], ours[1]);
    }

    private static string Difference(ReadOnlySpan<byte> theirs, ReadOnlySpan<byte> ours, MmuOperation operation)
    {
        List<string> differences = [];
        for (int i = 0; i < Words.Length; i++)
        {
            uint expected = BinaryPrimitives.ReadUInt32LittleEndian(theirs[(i * 4)..]);
            uint actual = BinaryPrimitives.ReadUInt32LittleEndian(ours[(i * 4)..]);
            if (((expected ^ actual) & Mask(i, operation, expected)) != 0)
            {
                differences.Add($"{Words[i]} {expected:x8} on QEMU, {actual:x8} here");
            }
        }

        return string.Join(", ", differences);
    }

    /// <summary>The bits that are compared. The others, by the manual, are QEMU's mistakes or its gaps.</summary>
    private static uint Mask(int word, MmuOperation operation, uint expected) => (Words[word], operation) switch
    {
        // A domain in IFSR, where those bits are reserved.
        ("IFSR", _) => ~0xF0u,

        // WnR of an abort of address translation is 1.
        ("DFSR", >= MmuOperation.AtPr and <= MmuOperation.AtUw) => ~0x800u,

        // No memory type in PAR's short format, nor PA[39:32] of a supersection.
        ("PAR", _) when (expected & 0x801) == 0 => (expected & 2) == 0 ? ~0x5FCu : 0xFF00_0203,
        _ => uint.MaxValue,
    };

    private static byte[] Assemble()
    {
        string source = Path.Combine(QemuGuest.Root(), "tests", "Machine.Tests", "Memory", "mmu-oracle.S");
        string file = Path.GetTempFileName();
        try
        {
            ArmCompiler.Run(
                "arm-none-eabi-gcc",
                ["-mcpu=cortex-a15", "-nostdlib", "-static", $"-Wl,-Ttext=0x{MmuOracleImage.Code:x},--build-id=none", "-o", file, source]);
            ElfImage image = ElfImage.Parse(File.ReadAllBytes(file), "mmu-oracle");
            return Assert.Single(image.Segments).FileBytes.ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[][] OnQemu(byte[] image, int records)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, BareImage.Of(MmuOracleImage.Code, MemoryMarshal.Cast<byte, uint>(image)));
            return [.. QemuGuest.Run(file, 1, "d", (MmuOracleImage.Records, records), (MmuOracleImage.Data, (int)MmuOracleImage.Megabyte)).Memory];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[][] OnCore(MmuOracleImage image, int records)
    {
        VcpuContext vcpu = new(new VcpuId(new GuestId(0), 0));
        vcpu.Reset(new GuestVa(MmuOracleImage.Code), 0, 0, 0);
        TestPeripherals peripherals = new();
        Core core = new(new CoreId(0), TestPeripherals.Rates, peripherals);
        core.Attach(vcpu, image.Memory);
        const ulong PerCase = 100 * 64;
        core.RunUntil(new VirtualInstant((ulong)image.Cases.Count * PerCase));
        Assert.Equal([(uint)'d', '\n'], peripherals.Written.Select(w => w.Value).TakeLast(2));
        return [.. new[] { (MmuOracleImage.Records, records), (MmuOracleImage.Data, (int)MmuOracleImage.Megabyte) }
            .Select(r => image.Memory.Slice(new Pa(r.Item1), (uint)r.Item2).ToArray())];
    }

    /// <summary>Sections, supersections, small and large pages of random permissions; TTBCR.PD0 and PD1 are not on QEMU's board without Security Extensions.</summary>
    private static VcpuContext ShortTables(MmuOracleImage image, Random random)
    {
        VcpuContext vcpu = new(default);
        Cp15 cp15 = vcpu.Cp15;
        int n = random.Next(2) == 0 ? 0 : random.Next(8);
        cp15.Ttbcr = (uint)n;
        cp15.Dacr = ((uint)random.NextInt64() & 0x3FFF_FFFF) | 0x4000_0000;
        cp15.Prrr = (uint)random.NextInt64();
        cp15.Nmrr = (uint)random.NextInt64();
        cp15.Contextidr = (uint)random.Next(256);
        cp15.Sctlr = Cp15.SctlrReset | 1 | ((uint)random.Next(4) << 28) | (random.Next(4) == 0 ? 2u : 0);
        uint[] pages = [.. Enumerable.Range(0, 8).Select(_ => image.Take(1024))];
        foreach (uint page in pages)
        {
            for (uint i = 0; i < 256; i++)
            {
                image.Put(page + (i * 4), PageDescriptor(image, random));
            }
        }

        (cp15.Ttbr0, cp15.Ttbr1) = (image.Take(0x4000), image.Take(0x4000));
        foreach (uint table in new[] { (uint)cp15.Ttbr0, (uint)cp15.Ttbr1 })
        {
            for (uint i = 0; i < 4096; i++)
            {
                image.Put(table + (i * 4), SectionDescriptor(image, random, pages));
            }

            for (uint i = 0x401; i <= 0x403; i++)
            {
                // Normal memory of domain 15: read only for all, then never executed, then also written.
                image.Put(table + (i * 4), (i << 20) | 0x1DEE | (i == 0x403 ? 0 : 1u << 15) | (i == 0x401 ? 0 : 1u << 4));
            }
        }

        return vcpu;
    }

    private static uint SectionDescriptor(MmuOracleImage image, Random random, uint[] pages)
    {
        uint noise = (uint)random.NextInt64();
        return random.Next(8) switch
        {
            0 => noise & ~3u,
            1 => (noise & 0x00F8_FC1E) | 0x4000_0000 & 0xFF00_0000 | 0x4_0002 | (noise & 1 & (noise >> 9)) & 0xFF0F_FFFF,
            2 or 3 or 4 => pages[noise % 8] | (noise & 0x1E4) | 1,
            _ => image.Target(MmuOracleImage.Megabyte) | (noise & 0xB_FDFC) | 2 | (noise & 1 & (noise >> 9)),
        };
    }

    private static uint PageDescriptor(MmuOracleImage image, Random random)
    {
        uint noise = (uint)random.NextInt64();
        return random.Next(8) switch
        {
            0 => noise & ~3u,
            1 or 2 => image.Target(0x1_0000) | (noise & 0xFE3C & ~2u) | 1,
            _ => image.Target(0x1000) | (noise & 0xFFD) | 2,
        };
    }

    /// <summary>Random tables of three levels; T0SZ, T1SZ, EPD0 and EPD1 spare the program's own table.</summary>
    private static VcpuContext LongTables(MmuOracleImage image, Random random)
    {
        VcpuContext vcpu = new(default);
        Cp15 cp15 = vcpu.Cp15;
        bool own1 = random.Next(2) == 0;
        uint t0 = (uint)(own1 ? random.Next(2, 8) : random.Next(2));
        uint t1 = (uint)(own1 ? 0 : random.Next(8));
        cp15.Ttbcr = 0x8000_0000 | t0 | (t1 << 16) | (random.Next(3) == 0 ? own1 ? 0x80u : 0x80_0000 : 0) | ((uint)random.Next(2) << 22);
        cp15.Dacr = (uint)random.NextInt64();
        (cp15.Prrr, cp15.Nmrr) = (Attributes(random), Attributes(random));
        cp15.Sctlr = Cp15.SctlrReset | 1 | ((uint)random.Next(4) << 19) | ((uint)random.Next(4) << 28) | (random.Next(4) == 0 ? 2u : 0);
        uint[] tables = [.. Enumerable.Range(0, 10).Select(_ => image.Take(4096))];
        foreach (uint table in tables)
        {
            for (uint i = 0; i < 512; i++)
            {
                image.Put64(table + (i * 8), LongDescriptor(image, random, tables));
            }
        }

        // The program's own gigabyte: blocks 0 (code, read only) and 1 (cases and records, never executed).
        const ulong Normal = (1 << 10) | 1 | (1 << 6);
        image.Put64(tables[0], 0x4000_0000 | Normal | (1 << 7));
        image.Put64(tables[0] + 8, 0x4020_0000 | Normal | (1UL << 54));
        ulong program = tables[0] | 3u;
        image.Put64(tables[own1 ? 2 : 1] + 8, program);
        cp15.Ttbr0 = tables[1] | ((ulong)random.Next(256) << 48);
        cp15.Ttbr1 = tables[2] | ((ulong)random.Next(256) << 48);
        return vcpu;
    }

    /// <summary>Four fields of MAIR that are not UNPREDICTABLE.</summary>
    private static uint Attributes(Random random)
    {
        ReadOnlySpan<byte> defined = [0x00, 0x04, 0x44, 0x4F, 0xF4, 0xAA, 0xBB, 0xEE, 0xFF];
        return defined[random.Next(9)] | ((uint)defined[random.Next(9)] << 8) | ((uint)defined[random.Next(9)] << 16) | ((uint)defined[random.Next(9)] << 24);
    }

    private static ulong LongDescriptor(MmuOracleImage image, Random random, uint[] tables)
    {
        ulong noise = (ulong)random.NextInt64() << 1;
        ulong attributes = (noise & 0x0060_0000_0000_0BFC) | (random.Next(10) == 0 ? 0 : 1UL << 10);
        return random.Next(8) switch
        {
            0 => noise & ~1UL,
            1 or 2 => (image.Target(0x1000) & ~0x1F_FFFFUL) | attributes | 1,
            3 or 4 => image.Target(0x1000) | attributes | 3,
            _ => tables[random.Next(3, 10)] | (noise & (ulong)random.NextInt64() & 0xF800_0000_0000_0000) | 3 | attributes,
        };
    }
}
