using ActorTrace.Machine.Gic;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>
/// Random accesses to GICH and GICV on our virtual interface and on QEMU's: list registers, maintenance, groups. Left out
/// are the aliased registers of group 1, which QEMU has not, and a guest that does not take a group: QEMU gives it that group's
/// interrupts all the same, and without AckCtl answers 1022 whatever the priority.
/// </summary>
public sealed class SameHypervisorRegistersAsQemuTests
{
    private const uint Gicd = 0x0800_0000;
    private const uint Gicc = 0x0801_0000;
    private const uint Gich = 0x0803_0000;
    private const uint Gicv = 0x0804_0000;
    private const uint MaintenanceBit = 1U << 25;
    private const uint StateMask = 3U << 28;
    private const uint EoiBit = 1U << 19;
    private const uint Group1Bit = 1U << 30;

    private readonly List<RegisterAccess> accesses = [];
    private readonly List<(uint Value, uint Mask)> expected = [];
    private readonly VirtualCpuInterface ours = new(_ => throw new InvalidOperationException("no interrupt is linked"));

    [SkippableTheory]
    [InlineData(20270)]
    [InlineData(20271)]
    [InlineData(20272)]
    public void List_registers_and_maintenance_behave_as_on_QEMU(int seed)
    {
        QemuRegisters.Require();
        Random random = new(seed);
        accesses.Add(new RegisterAccess(true, 4, Gicd, 1));
        accesses.Add(new RegisterAccess(true, 4, Gicd + 0x100, MaintenanceBit));
        accesses.Add(new RegisterAccess(true, 4, Gicc, 0));
        Control(0x00, 1);
        Guest(0x00, 7);
        Guest(0x04, 0xFF);
        while (accesses.Count < 20_000)
        {
            Step(random);
        }

        IReadOnlyList<uint> read = QemuRegisters.Run(accesses, 1, "virt,virtualization=on");
        Assert.Equal(expected.Count, read.Count);
        int load = 0;
        for (int i = 0; i < accesses.Count; i++)
        {
            if (!accesses[i].IsWrite)
            {
                (uint value, uint mask) = expected[load];
                Assert.True(
                    (read[load] & mask) == (value & mask),
                    $"Access {i}, {accesses[i]}: QEMU read 0x{read[load]:x8}, ours 0x{value:x8}, after\n{string.Join('\n', accesses.Take(i).TakeLast(25))}");
                load++;
            }
        }
    }

    private void Step(Random random)
    {
        int index = random.Next(VirtualCpuInterface.ListRegisters);
        switch (random.Next(18))
        {
            case 0 or 1 or 2 or 3:
                Control(0x100 + (4 * (uint)index), AnyListRegister(random, index));
                break;
            case 4:
                Control(0x00, (random.Next(8) == 0 ? 0 : 1U) | ((uint)random.Next(128) << 1) | ((uint)random.Next(4) << 27));
                break;
            case 5:
                Control(0x08, ((uint)random.NextInt64(1L << 32) & 0xF8FC_021F) | 0xF800_0007);
                break;
            case 6 or 7:
                Observe(Gicv + 0x0C, ours.Read(0x0C, 4));
                break;
            case 8 or 9 or 10:
                Guest(0x10, AnyNumber(random));
                break;
            case 11:
                Guest(0x1000, AnyNumber(random));
                break;
            case 12:
                Guest(0x00, 7U | (uint)random.Next(32) | ((uint)random.Next(2) << 9));
                break;
            case 13:
                Guest(0x04, random.Next(2) == 0 ? 0xFFU : (uint)random.Next(256));
                break;
            default:
                Look(random.Next(11));
                break;
        }
    }

    /// <summary>A number and a priority of its own for each list register: two must not hold the same interrupt, and which of two equal ones comes first is free.</summary>
    private static uint AnyListRegister(Random random, int index) =>
        (uint)(40 + index + (4 * random.Next(2))) | ((uint)((index * 8) + random.Next(8)) << 23) | ((uint)random.Next(4) << 28)
        | (random.Next(2) == 0 ? EoiBit : 0) | (random.Next(3) == 0 ? Group1Bit : 0);

    private static uint AnyNumber(Random random) => (uint)(random.Next(10) == 0 ? 1023 : 40 + random.Next(8));

    private void Look(int what)
    {
        switch (what)
        {
            case < VirtualCpuInterface.ListRegisters:
                uint offset = 0x100 + (4 * (uint)what);
                Observe(Gich + offset, ours.ReadControl(offset), ours[what].IsFree ? StateMask : uint.MaxValue);
                break;
            case 4:
                Observe(Gich, ours.ReadControl(0x00));
                Observe(Gich + 0x04, ours.ReadControl(0x04));
                break;
            case 5:
                Observe(Gich + 0x08, ours.ReadControl(0x08));
                break;
            case 6 or 7:
                Observe(Gich + 0x10, ours.ReadControl(0x10));
                break;
            case 8:
                Observe(Gich + 0x20, ours.ReadControl(0x20));
                Observe(Gich + 0x30, ours.ReadControl(0x30));
                break;
            case 9:
                Observe(Gich + 0xF0, ours.ReadControl(0xF0));
                Observe(Gicv + 0x14, ours.Read(0x14, 4));
                Observe(Gicv + 0x18, ours.Read(0x18, 4));
                break;
            default:
                Observe(Gicd + 0x200, ours.MaintenanceLine ? MaintenanceBit : 0, MaintenanceBit);
                break;
        }
    }

    private void Control(uint offset, uint value)
    {
        ours.WriteControl(offset, value);
        accesses.Add(new RegisterAccess(true, 4, Gich + offset, value));
    }

    private void Guest(uint offset, uint value)
    {
        ours.Write(offset, value);
        accesses.Add(new RegisterAccess(true, 4, Gicv + offset, value));
    }

    private void Observe(uint address, uint value, uint mask = uint.MaxValue)
    {
        accesses.Add(new RegisterAccess(false, 4, address, 0));
        expected.Add((value, mask));
    }
}
