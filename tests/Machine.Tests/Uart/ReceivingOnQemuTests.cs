using ActorTrace.Machine.Tests.Gic;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Uart;

/// <summary>The same text received by QEMU's UARTs and by ours, read by the same accesses.</summary>
public sealed class ReceivingOnQemuTests
{
    private const string Typed = "abcdefgh";
    private const uint Pl011Base = 0x0900_0000;
    private const uint ExynosBase = 0x1380_0000;

    /// <summary>FIFO off: QEMU raises the receive interrupt at each byte, a PL011 with FIFO at its trigger level.</summary>
    [SkippableFact]
    public void A_PL011_without_FIFO_receives_as_on_QEMU()
    {
        QemuRegisters.Require();
        List<RegisterAccess> accesses = [];
        foreach (char _ in Typed)
        {
            accesses.Add(new RegisterAccess(false, 0, Pl011Base + 0x18, 0x10));
            Load(accesses, Pl011Base, 0x18, 0x3C, 0x40, 0x00, 0x04);
        }

        accesses.Insert(0, new RegisterAccess(true, 4, Pl011Base + 0x38, 0x10));
        Compare(accesses, new Pl011(null), Pl011Base, "virt", Pl011Base, 0x00);
    }

    /// <summary>Registers of the Exynos UART as QEMU's smdkc210 has it, random ones first, then the bytes received without FIFO.</summary>
    [SkippableFact]
    public void An_Exynos_UART_reads_as_on_QEMU()
    {
        QemuRegisters.Require();
        Random random = new(20275);
        List<RegisterAccess> accesses = [];
        Load(accesses, ExynosBase, 0x00, 0x04, 0x08, 0x0C, 0x28, 0x2C, 0x30, 0x34, 0x38);
        (uint Offset, uint Fields)[] stored = [(0x00, 0x7F), (0x0C, 0x11), (0x28, 0xFFFF), (0x2C, 0xF), (0x38, 0xF)];
        while (accesses.Count < 400)
        {
            (uint offset, uint fields) = stored[random.Next(stored.Length)];
            accesses.Add(new RegisterAccess(true, 4, ExynosBase + offset, (uint)random.Next(0x10000) & fields));
            Load(accesses, ExynosBase, offset);
        }

        accesses.Add(new RegisterAccess(true, 4, ExynosBase + 0x38, 0xF));
        foreach (char _ in Typed)
        {
            accesses.Add(new RegisterAccess(true, 0, ExynosBase + 0x10, 1));
            Load(accesses, ExynosBase, 0x10, 0x14, 0x18, 0x30, 0x34, 0x24, 0x18);
        }

        Compare(accesses, new Exynos4210Uart(null), ExynosBase, "smdkc210", ExynosBase + 0x20, 0x20);
    }

    private static void Load(List<RegisterAccess> accesses, uint start, params ReadOnlySpan<uint> offsets)
    {
        foreach (uint offset in offsets)
        {
            accesses.Add(new RegisterAccess(false, 4, start + offset, 0));
        }
    }

    private static void Compare(List<RegisterAccess> accesses, ISerialPort ours, uint start, string machine, uint transmit, uint data)
    {
        IReadOnlyList<uint> expected = QemuRegisters.Run(accesses, machine is "virt" ? 1 : 2, machine, transmit, Typed);
        Queue<char> line = new(Typed);
        int read = 0;
        for (int i = 0; i < accesses.Count; i++)
        {
            RegisterAccess access = accesses[i];
            if (access.Size == 0)
            {
                // A character comes when it is polled for, on both sides.
                ours.Receive((byte)line.Dequeue());
            }
            else if (access.IsWrite)
            {
                ours.Write(access.Address - start, 4, access.Value, VirtualInstant.Zero);
            }
            else
            {
                uint value = ours.Read(access.Address - start, 4, VirtualInstant.Zero);
                Assert.True(expected[read] == value, $"Access {i}, {access}: QEMU read 0x{expected[read]:x8}, ours 0x{value:x8}");
                read++;
                ours.Write(data, 4, '\n', VirtualInstant.Zero);
            }
        }

        Assert.Equal(expected.Count, read);
    }
}
