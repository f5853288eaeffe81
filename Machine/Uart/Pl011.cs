using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>The UART PL011 (ARM DDI 0183): registers, receive FIFO and interrupts. The line takes no time: what is stored is sent.</summary>
/// <remarks>
/// As the line has no bit times, its receive timeout is over at once: bytes that do not reach the trigger level raise it when
/// they arrive. Bytes are sent and received whether or not the enable bits of UARTCR are set, as under QEMU.
/// </remarks>
public sealed class Pl011 : ISerialPort
{
    private const int FifoLength = 16;

    // UARTFR (3.3.3)
    private const uint ReceiveEmpty = 1 << 4;
    private const uint ReceiveFull = 1 << 6;
    private const uint TransmitEmpty = 1 << 7;

    // UARTLCR_H (3.3.7) and UARTCR (3.3.8)
    private const uint FifoEnable = 1 << 4;
    private const uint Loopback = 1 << 7;

    // UARTIMSC, UARTRIS, UARTMIS, UARTICR (3.3.10)
    private const uint ReceiveInterrupt = 1 << 4;
    private const uint TransmitInterrupt = 1 << 5;
    private const uint TimeoutInterrupt = 1 << 6;
    private const uint OverrunInterrupt = 1 << 10;

    // UARTDR (3.3.1) and UARTRSR (3.3.2)
    private const uint OverrunBit = 1 << 11;
    private const uint OverrunStatus = 1 << 3;

    private static readonly Register?[] Registers = Index(
    [
        new("UARTDR", 0x000, u => u.Take(), (u, value, now) => u.Transmit((byte)value, now)),
        new("UARTRSR", 0x004, u => u.receiveStatus, (u, _, _) => u.receiveStatus = 0),
        new("UARTFR", 0x018, u => u.Flags, null),
        new("UARTILPR", 0x020, u => u.lowPower, (u, value, _) => u.lowPower = value & 0xFF),
        new("UARTIBRD", 0x024, u => u.integerDivisor, (u, value, _) => u.integerDivisor = value & 0xFFFF),
        new("UARTFBRD", 0x028, u => u.fractionalDivisor, (u, value, _) => u.fractionalDivisor = value & 0x3F),
        new("UARTLCR_H", 0x02C, u => u.lineControl, (u, value, _) => u.SetLineControl(value & 0xFF)),
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

    private readonly Queue<uint> received = new();
    private uint receiveStatus;
    private uint lowPower;
    private uint integerDivisor;
    private uint fractionalDivisor;
    private uint lineControl;
    private uint control = 0x300;
    private uint fifoLevels = 0x12;
    private uint mask;
    private uint raw;
    private uint dmaControl;
    private bool overrun;

    /// <summary>Creates a UART in its reset state.</summary>
    /// <param name="sent">See <see cref="Sent"/>.</param>
    public Pl011(Action<byte, VirtualInstant>? sent) => Sent = sent;

    /// <inheritdoc/>
    public Action<byte, VirtualInstant>? Sent { get; set; }

    /// <summary>UARTINTR: an interrupt that is not masked.</summary>
    public bool InterruptLine => (raw & mask) != 0;

    /// <inheritdoc/>
    public bool CanReceive => received.Count < Capacity;

    private bool FifoEnabled => (lineControl & FifoEnable) != 0;

    private int Capacity => FifoEnabled ? FifoLength : 1;

    /// <summary>Bytes at which the receive interrupt is raised: UARTIFLS.RXIFLSEL (3.3.9), or one without FIFO.</summary>
    private int TriggerLevel => !FifoEnabled ? 1 : ((fifoLevels >> 3) & 7) switch
    {
        0 => FifoLength / 8,
        1 => FifoLength / 4,
        2 => FifoLength / 2,
        3 => FifoLength * 3 / 4,
        _ => FifoLength * 7 / 8,
    };

    private uint Flags => TransmitEmpty | (received.Count == 0 ? ReceiveEmpty : 0) | (CanReceive ? 0 : ReceiveFull);

    /// <inheritdoc/>
    public uint Read(uint offset, int size, VirtualInstant now)
    {
        uint word = Find(offset)?.Read(this) ?? 0;
        return (uint)((word >> (int)(8 * (offset & 3))) & ((1UL << (8 * size)) - 1));
    }

    /// <summary>Writes a register: narrower stores write zero to the rest, and do nothing off the word's first byte.</summary>
    /// <inheritdoc/>
    public void Write(uint offset, int size, uint value, VirtualInstant now)
    {
        if ((offset & 3) == 0)
        {
            Find(offset)?.Write?.Invoke(this, (uint)(value & ((1UL << (8 * size)) - 1)), now);
        }
    }

    /// <inheritdoc/>
    public void Receive(byte value)
    {
        if (!CanReceive)
        {
            overrun = true;
            receiveStatus |= OverrunStatus;
            raw |= OverrunInterrupt;
            return;
        }

        received.Enqueue(value | (overrun ? OverrunBit : 0));
        overrun = false;
        raw |= received.Count >= TriggerLevel ? ReceiveInterrupt : TimeoutInterrupt;
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

    private uint Take()
    {
        if (!received.TryDequeue(out uint value))
        {
            return 0;
        }

        raw &= received.Count < TriggerLevel ? ~ReceiveInterrupt : uint.MaxValue;
        raw &= received.Count == 0 ? ~TimeoutInterrupt : uint.MaxValue;
        return value;
    }

    private void Transmit(byte value, VirtualInstant now)
    {
        if ((control & Loopback) != 0)
        {
            Receive(value);
        }
        else
        {
            Sent?.Invoke(value, now);
        }

        raw |= TransmitInterrupt;
    }

    /// <summary>Switching the FIFO on or off empties it.</summary>
    private void SetLineControl(uint value)
    {
        if (((lineControl ^ value) & FifoEnable) != 0)
        {
            received.Clear();
        }

        lineControl = value;
    }

    private sealed record Register(string Name, uint Offset, Func<Pl011, uint> Read, Action<Pl011, uint, VirtualInstant>? Write);
}
