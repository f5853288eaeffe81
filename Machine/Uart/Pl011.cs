using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>The UART PL011 (ARM DDI 0183): registers and a transmitter that takes no time. Nothing is ever received.</summary>
/// <param name="transmit">Gets each byte with the instant of the store that sent it.</param>
public sealed class Pl011(Action<byte, VirtualInstant> transmit)
{
    /// <summary>FR of an idle UART: transmit FIFO empty (bit 7), receive FIFO empty (bit 4).</summary>
    private const uint IdleFlags = 0x90;

    private const uint TransmitInterrupt = 1 << 5;

    private static readonly Register?[] Registers = Index(
    [
        new("UARTDR", 0x000, _ => 0, (u, value, now) => u.Transmit((byte)value, now)),
        new("UARTRSR", 0x004, _ => 0, null),
        new("UARTFR", 0x018, _ => IdleFlags, null),
        new("UARTILPR", 0x020, u => u.lowPower, (u, value, _) => u.lowPower = value & 0xFF),
        new("UARTIBRD", 0x024, u => u.integerDivisor, (u, value, _) => u.integerDivisor = value & 0xFFFF),
        new("UARTFBRD", 0x028, u => u.fractionalDivisor, (u, value, _) => u.fractionalDivisor = value & 0x3F),
        new("UARTLCR_H", 0x02C, u => u.lineControl, (u, value, _) => u.lineControl = value & 0xFF),
        new("UARTCR", 0x030, u => u.control, (u, value, _) => u.control = value & 0xFFFF),
        new("UARTIFLS", 0x034, u => u.fifoLevels, (u, value, _) => u.fifoLevels = value & 0x3F),
        new("UARTIMSC", 0x038, u => u.mask, (u, value, _) => u.mask = value & 0x7FF),
        new("UARTRIS", 0x03C, u => u.raw, null),
        new("UARTMIS", 0x040, u => u.raw & u.mask, null),
        new("UARTICR", 0x044, _ => 0, (u, value, _) => u.raw &= ~value),
        new("UARTDMACR", 0x048, u => u.dmaControl, (u, value, _) => u.dmaControl = value & 7),
        new("UARTPeriphID0", 0xFE0, _ => 0x11, null),
        new("UARTPeriphID1", 0xFE4, _ => 0x10, null),
        new("UARTPeriphID2", 0xFE8, _ => 0x14, null),
        new("UARTPeriphID3", 0xFEC, _ => 0x00, null),
        new("UARTPCellID0", 0xFF0, _ => 0x0D, null),
        new("UARTPCellID1", 0xFF4, _ => 0xF0, null),
        new("UARTPCellID2", 0xFF8, _ => 0x05, null),
        new("UARTPCellID3", 0xFFC, _ => 0xB1, null),
    ]);

    private uint lowPower;
    private uint integerDivisor;
    private uint fractionalDivisor;
    private uint lineControl;
    private uint control = 0x300;
    private uint fifoLevels = 0x12;
    private uint mask;
    private uint raw;
    private uint dmaControl;

    /// <summary>UARTINTR: an interrupt that is not masked.</summary>
    public bool InterruptLine => (raw & mask) != 0;

    /// <summary>Reads a register; what is no register reads as 0.</summary>
    /// <param name="offset">Bytes from the start of the device, below 4096.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="now">When the access completes.</param>
    public uint Read(uint offset, int size, VirtualInstant now)
    {
        _ = now;
        uint word = Find(offset)?.Read(this) ?? 0;
        return (uint)((word >> (int)(8 * (offset & 3))) & ((1UL << (8 * size)) - 1));
    }

    /// <summary>Writes a register; what is no register, or read-only, ignores it.</summary>
    /// <param name="offset">Bytes from the start of the device, below 4096.</param>
    /// <param name="size">1, 2 or 4 bytes: narrower stores write zero to the rest, and do nothing off the word's first byte.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="now">When the access completes.</param>
    public void Write(uint offset, int size, uint value, VirtualInstant now)
    {
        if ((offset & 3) == 0)
        {
            Find(offset)?.Write?.Invoke(this, (uint)(value & ((1UL << (8 * size)) - 1)), now);
        }
    }

    private static Register? Find(uint offset) => offset / 4 < Registers.Length ? Registers[offset / 4] : null;

    private static Register?[] Index(Register[] table)
    {
        Register?[] index = new Register?[0x1000 / 4];
        foreach (Register register in table)
        {
            index[register.Offset / 4] = register;
        }

        return index;
    }

    private void Transmit(byte value, VirtualInstant now)
    {
        transmit(value, now);
        raw |= TransmitInterrupt;
    }

    private sealed record Register(string Name, uint Offset, Func<Pl011, uint> Read, Action<Pl011, uint, VirtualInstant>? Write);
}
