using ActorTrace.Machine.Gic;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>Random injections and GICV accesses on our virtual interface and, by its list registers, on QEMU's.</summary>
public sealed class SameVirtualInterfaceAsQemuTests
{
    private const uint Gicd = 0x0800_0000;
    private const uint Gich = 0x0803_0000;
    private const uint Gicv = 0x0804_0000;
    private const uint FirstListRegister = Gich + 0x100;
    private const uint StateMask = 3U << 28;
    private const int FirstVirtual = 40;

    /// <summary>PPIs: of an SPI QEMU deactivates one CPU's share only.</summary>
    private const int FirstPhysical = 16;
    private const int Numbers = 8;

    private readonly List<RegisterAccess> accesses = [];
    private readonly List<(uint Value, uint Mask)> expected = [];
    private readonly bool[] physicalActive = new bool[Numbers];
    private readonly VirtualCpuInterface ours;

    public SameVirtualInterfaceAsQemuTests() => ours = new VirtualCpuInterface(physical => physicalActive[physical - FirstPhysical] = false);

    [SkippableTheory]
    [InlineData(20266)]
    [InlineData(20267)]
    public void The_virtual_interface_behaves_as_on_QEMU(int seed)
    {
        QemuRegisters.Require();
        Random random = new(seed);
        StoreControl(0, 1);
        Store(0x00, 1);
        Store(0x04, 0xFF);
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
                    (read[load] & mask) == value,
                    $"Access {i}, {accesses[i]}: QEMU read 0x{read[load]:x8}, ours 0x{value:x8}, after\n{string.Join('\n', accesses.Take(i).TakeLast(25))}");
                load++;
            }
        }
    }

    private void Step(Random random)
    {
        int number = random.Next(Numbers);
        switch (random.Next(14))
        {
            case 0 or 1 or 2:
                Inject(number, random.Next(3) == 0);
                break;
            case 3 or 4 or 5:
                Load(0x0C);
                break;
            case 6 or 7:
                Store(0x10, (uint)(FirstVirtual + number));
                break;
            case 8:
                Store(0x1000, (uint)(FirstVirtual + number));
                break;
            case 9:
                Store(0x04, random.Next(2) == 0 ? 0xFFU : (uint)random.Next(256));
                break;
            case 10:
                Store(0x08, (uint)random.Next(8));
                break;
            case 11:
                Store(0x00, random.Next(8) == 0 ? 0U : 1U | (uint)random.Next(2) << 9);
                break;
            default:
                Observe(random.Next(10));
                break;
        }
    }

    /// <summary>
    /// Each number has a priority of its own: which of two equal ones comes first is free. An active interrupt that is linked to a
    /// physical one is left alone: a list register must not hold it as active and pending.
    /// </summary>
    private void Inject(int number, bool linked)
    {
        int id = FirstVirtual + number;
        if (ours.StatusOf(id).HasFlag(InterruptStatus.Active) && physicalActive[number])
        {
            return;
        }

        bool hardware = linked && ours.StatusOf(id) == InterruptStatus.Inactive && !physicalActive[number];
        if (!ours.TryInject(id, (byte)(number * 5 % 32 * 8), hardware ? FirstPhysical + number : null))
        {
            return;
        }

        int index = Enumerable.Range(0, VirtualCpuInterface.ListRegisters).Single(i => !ours[i].IsFree && ours[i].VirtualId == id);
        if (ours[index].PhysicalId is not null)
        {
            physicalActive[number] = true;
            accesses.Add(new RegisterAccess(true, 4, Gicd + 0x300, 1U << (FirstPhysical + number)));
        }

        accesses.Add(new RegisterAccess(true, 4, FirstListRegister + (uint)(4 * index), ours[index].Encoded));
    }

    private void Observe(int what)
    {
        switch (what)
        {
            case < VirtualCpuInterface.ListRegisters:
                uint value = ours[what].IsFree ? 0 : ours[what].Encoded;
                Expect(FirstListRegister + (uint)(4 * what), value, ours[what].IsFree ? StateMask : uint.MaxValue);
                break;
            case 4:
                uint active = 0;
                for (int i = 0; i < Numbers; i++)
                {
                    active |= physicalActive[i] ? 1U << (FirstPhysical + i) : 0;
                }

                Expect(Gicd + 0x300, active, uint.MaxValue);
                break;
            case 5:
                Expect(Gich, (ours.EoiCount << 27) | 1, uint.MaxValue);
                break;
            case 6:
                Expect(Gich + 0xF0, ours.Active, uint.MaxValue);
                break;
            case 7:
                Load(0x14);
                break;
            case 8:
                Load(0x18);
                break;
            default:
                Load(0x04);
                Load(0x08);
                Load(0x00);
                break;
        }
    }

    private void StoreControl(uint offset, uint value)
    {
        ours.WriteControl(offset, value);
        accesses.Add(new RegisterAccess(true, 4, Gich + offset, value));
    }

    private void Store(uint offset, uint value)
    {
        ours.Write(offset, value);
        accesses.Add(new RegisterAccess(true, 4, Gicv + offset, value));
    }

    private void Load(uint offset) => Expect(Gicv + offset, ours.Read(offset, 4), uint.MaxValue);

    private void Expect(uint address, uint value, uint mask)
    {
        accesses.Add(new RegisterAccess(false, 4, address, 0));
        expected.Add((value, mask));
    }
}
