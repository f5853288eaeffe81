using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>The same thousands of register accesses, chosen at random with a fixed seed, on QEMU's GICv2 and PL011 and on ours.</summary>
public sealed class SameRegistersAsQemuTests
{
    private const uint Gicd = 0x0800_0000;
    private const uint Gicc = 0x0801_0000;
    private const uint Uart = 0x0900_0000;
    private const int Accesses = 20_000;

    /// <summary>Interrupts that no device of the virt board drives: SGIs 0..7, PPIs 17..19, SPIs 100..107.</summary>
    private static readonly uint[] Free = [0, 1, 2, 3, 4, 5, 6, 7, 17, 18, 19, 100, 101, 102, 103, 104, 105, 106, 107];

    [SkippableTheory]
    [InlineData(1, 20261)]
    [InlineData(1, 20262)]
    [InlineData(2, 20263)]
    [InlineData(2, 20264)]
    public void The_interrupt_controller_s_registers_read_as_on_QEMU(int cores, int seed)
    {
        QemuRegisters.Require();
        Random random = new(seed);
        List<RegisterAccess> accesses = [Store(Gicd, 1), Store(Gicc, 1), Store(Gicc + 4, 0xFF)];
        // One target each: QEMU keeps an SPI pending for its other targets when one has taken it.
        if (cores > 1)
        {
            accesses.AddRange(Free.Where(id => id >= 32).Select(id => new RegisterAccess(true, 1, Gicd + 0x800 + id, (uint)random.Next(1, 3))));
        }

        while (accesses.Count < Accesses)
        {
            accesses.Add(AnyGicAccess(random, cores));
        }

        Compare(accesses, cores);
    }

    [SkippableTheory]
    [InlineData(20268)]
    [InlineData(20269)]
    public void With_both_groups_in_use_they_read_as_on_QEMU(int seed)
    {
        QemuRegisters.Require();
        Random random = new(seed);
        List<RegisterAccess> accesses = [Store(Gicd, 3), Store(Gicc, 7), Store(Gicc + 4, 0xFF)];
        while (accesses.Count < Accesses)
        {
            accesses.Add(random.Next(3) == 0 ? AnyGroupAccess(random) : AnyGicAccess(random, 1, 7));
        }

        Compare(accesses, 1);
    }

    [SkippableFact]
    public void The_UART_s_registers_read_as_on_QEMU()
    {
        QemuRegisters.Require();
        Random random = new(20265);
        (uint Offset, uint Fields)[] written = [(0x04, 0xFF), (0x20, 0xFF), (0x24, 0xFFFF), (0x28, 0x3F), (0x34, 0x3F), (0x38, 0x7FF), (0x44, 0x7FF)];
        List<RegisterAccess> accesses = [];
        while (accesses.Count < 2000)
        {
            (uint offset, uint fields) = written[random.Next(written.Length)];
            accesses.Add(Store(Uart + offset, (uint)random.Next(0x10000) & fields));
            accesses.Add(Load(Uart + (4 * (uint)random.Next(1, 0x14))));
        }

        accesses.AddRange(Enumerable.Range(0, 8).Select(i => new RegisterAccess(false, 4, Uart + 0xFE0 + (uint)(4 * i), 0)));
        Compare(accesses, 1);
    }

    private static void Compare(List<RegisterAccess> accesses, int cores)
    {
        IReadOnlyList<uint> expected = QemuRegisters.Run(accesses, cores);
        Pl011 uart = new((_, _) => { });
        NativeDevices devices = new(new Pa(Gicd), new Pa(Gicc), new Pa(Uart), uart);
        CorePeripherals ours = CorePeripherals.Native(new ClockRates(1_000_000_000, 62_500_000, 64), new CoreId(0), cores, devices);
        int read = 0;
        VirtualInstant now = VirtualInstant.Zero;
        for (int i = 0; i < accesses.Count; i++)
        {
            RegisterAccess access = accesses[i];
            now += 64;
            if (access.IsWrite)
            {
                Assert.True(ours.TryWrite(new Pa(access.Address), access.Size, access.Value, now));
                continue;
            }

            Assert.True(ours.TryRead(new Pa(access.Address), access.Size, now, out uint value));
            Assert.True(
                expected[read] == value,
                $"Access {i}, {access}: QEMU read 0x{expected[read]:x8}, ours 0x{value:x8}, after\n{string.Join('\n', accesses.Take(i).TakeLast(25))}");
            read++;

            // What QEMU prints with goes through the UART's data register there, so it does here too.
            ours.TryWrite(new Pa(Uart), 4, '\n', now);
        }

        Assert.Equal(expected.Count, read);
    }

    /// <summary>One access. QEMU makes an interrupt pending by ISPENDR only for its targets, of which its PPIs have none on two cores.</summary>
    private static RegisterAccess AnyGicAccess(Random random, int cores, uint control = 1)
    {
        uint id = Free[random.Next(Free.Length)];
        uint word = id / 32 * 4;
        uint bits = (1U << (int)(id % 32)) | (random.Next(4) == 0 ? 1U << (int)((id ^ 1) % 32) : 0);
        uint priority = (uint)random.Next(8) * 0x20 | (uint)random.Next(16);
        return random.Next(26) switch
        {
            0 => Store(Gicd + 0x100 + word, bits),
            1 => Store(Gicd + 0x100 + word, bits),
            2 => Store(Gicd + 0x180 + word, bits),
            3 or 4 or 5 when cores == 1 || id >= 32 => Store(Gicd + 0x200 + word, bits),
            6 => Store(Gicd + 0x280 + word, bits),
            7 => Store(Gicd + 0x380 + word, bits),
            8 or 9 => new RegisterAccess(true, 1, Gicd + 0x400 + id, priority),
            10 or 11 => Store(Gicd + 0xF00, 0x0200_0000 | (uint)random.Next(8)),
            12 => new RegisterAccess(true, 1, Gicd + 0xF20 + (uint)random.Next(8), 1),
            13 => new RegisterAccess(true, 1, Gicd + 0xF10 + (uint)random.Next(8), 1),
            14 => Store(Gicc + 4, (uint)random.Next(2) == 0 ? 0xFF : priority),
            15 => Store(Gicc + 8, (uint)random.Next(8)),
            16 => Store(Gicc, random.Next(8) == 0 ? 0U : control | (uint)random.Next(2) << 9),
            17 => Store(Gicd, random.Next(8) == 0 ? 0U : control & 3),
            18 => Load(Gicd + 0x800 + (id & ~3U)),
            19 => id >= 32 ? Store(Gicd + 0xC00 + (id / 16 * 4), (uint)random.NextInt64(1L << 32) & 0x00AA_AA00) : Load(Gicd + 0xF20),
            20 => Load(Gicc + 0x0C),
            21 => Store(Gicc + 0x10, random.Next(8) == 0 ? 1023 : id),
            22 => Store(Gicc + 0x1000, id),
            _ => AnyLoad(random, id),
        };
    }

    /// <summary>
    /// What concerns groups: GICD_IGROUPR, control, ABPR. QEMU has no aliased registers (AIAR, AEOIR, AHPPIR), and where only one group
    /// is enabled it shows the other's interrupts in GICC_IAR and GICC_HPPIR: both are enabled or none.
    /// Without AckCtl it answers 1022 for one of group 1 whatever the priority: AckCtl is set.
    /// </summary>
    private static RegisterAccess AnyGroupAccess(Random random)
    {
        uint id = Free[random.Next(Free.Length)];
        uint word = id / 32 * 4;
        return random.Next(9) switch
        {
            0 => Store(Gicd + 0x80 + word, (uint)random.NextInt64(1L << 32)),
            1 => Load(Gicd + 0x80 + word),
            2 or 3 => Store(Gicc, 7U | (uint)random.Next(32) | ((uint)random.Next(2) << 9)),
            4 or 5 => Store(Gicd, random.Next(4) == 0 ? 0U : 3),
            6 => Store(Gicc + 0x1C, (uint)random.Next(8)),
            7 => Load(Gicc + 0x1C),
            _ => Load(Gicc + 0xE0 + (4 * (uint)random.Next(4))),
        };
    }

    private static RegisterAccess AnyLoad(Random random, uint id)
    {
        uint word = id / 32 * 4;
        uint[] loads =
        [
            Gicd, Gicd + 0x100 + word, Gicd + 0x180 + word, Gicd + 0x200 + word, Gicd + 0x280 + word, Gicd + 0x300 + word, Gicd + 0x380 + word,
            Gicd + 0x400 + (id & ~3U), Gicd + 0x800 + (id & ~3U), Gicd + 0xC18, Gicd + 0xC00, Gicd + 0xF10, Gicd + 0xF24,
            Gicd + 0xFD0 + (4 * (uint)random.Next(12)),
            Gicc, Gicc + 0x04, Gicc + 0x08, Gicc + 0x0C, Gicc + 0x0C, Gicc + 0x14, Gicc + 0x18, Gicc + 0xD0, Gicc + 0xD4, Gicc + 0xD8, Gicc + 0xDC, Gicc + 0xFC,
        ];
        return Load(loads[random.Next(loads.Length)]);
    }

    private static RegisterAccess Load(uint address) => new(false, 4, address, 0);

    private static RegisterAccess Store(uint address, uint value) => new(true, 4, address, value);
}
