using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>
/// A UART of Samsung's Exynos 4 and 5 (Exynos 5250 user's manual, chapter UART): registers, a receive FIFO of 16 bytes as
/// channel 2 has it, interrupts. The line takes no time: what is stored is sent.
/// </summary>
/// <remarks>As the line has no bit times, bytes below the trigger level raise the receive interrupt as the timeout would.</remarks>
public sealed class Exynos4210Uart : ISerialPort
{
    private const int FifoLength = 16;
    private const uint FifoEnable = 1 << 0;
    private const uint ReceiveReset = 1 << 1;
    private const uint TransmitReset = 1 << 2;
    private const uint Loopback = 1 << 5;
    private const uint OverrunError = 1 << 0;

    // UINTP, UINTSP, UINTM
    private const uint ReceiveInterrupt = 1 << 0;
    private const uint ErrorInterrupt = 1 << 1;
    private const uint TransmitInterrupt = 1 << 2;
    private const uint AllInterrupts = 15;

    private static readonly Register?[] Registers = Index(
    [
        new("ULCON", 0x00, u => u.lineControl, (u, value, _) => u.lineControl = value),
        new("UCON", 0x04, u => u.control, (u, value, _) => u.control = value),
        new("UFCON", 0x08, u => u.fifoControl, (u, value, _) => u.SetFifoControl(value)),
        new("UMCON", 0x0C, u => u.modemControl, (u, value, _) => u.modemControl = value),
        new("UTRSTAT", 0x10, u => u.Status, null),
        new("UERSTAT", 0x14, u => u.TakeErrors(), null),
        new("UFSTAT", 0x18, u => u.FifoStatus, null),
        new("UMSTAT", 0x1C, _ => 0, null),
        new("UTXH", 0x20, _ => 0, (u, value, now) => u.Transmit((byte)value, now)),
        new("URXH", 0x24, u => u.Take(), null),
        new("UBRDIV", 0x28, u => u.divisor, (u, value, _) => u.divisor = value),
        new("UFRACVAL", 0x2C, u => u.fraction, (u, value, _) => u.fraction = value),
        new("UINTP", 0x30, u => u.pending, (u, value, _) => u.Acknowledge(value)),
        new("UINTSP", 0x34, u => u.source, (u, value, _) => u.source &= ~value),
        new("UINTM", 0x38, u => u.mask, (u, value, _) => u.SetMask(value)),
    ]);

    private readonly Queue<byte> received = new();
    private uint lineControl;
    private uint control = 0x3000;
    private uint fifoControl;
    private uint modemControl;
    private uint errors;
    private uint divisor;
    private uint fraction;
    private uint pending;
    private uint source;
    private uint mask;

    /// <summary>Creates a UART in its reset state.</summary>
    /// <param name="sent">See <see cref="Sent"/>.</param>
    public Exynos4210Uart(Action<byte, VirtualInstant>? sent) => Sent = sent;

    /// <inheritdoc/>
    public Action<byte, VirtualInstant>? Sent { get; set; }

    /// <summary>An interrupt is pending: UINTP.</summary>
    public bool InterruptLine => pending != 0;

    /// <inheritdoc/>
    public bool CanReceive => received.Count < Capacity;

    private int Capacity => (fifoControl & FifoEnable) != 0 ? FifoLength : 1;

    /// <summary>UTRSTAT: receive buffer ready (bit 0), transmit buffer empty (bit 1), transmitter empty (bit 2).</summary>
    private uint Status => 6U | (received.Count > 0 ? 1U : 0);

    /// <summary>UFSTAT: bytes in the receive FIFO [7:0], receive FIFO full (bit 8).</summary>
    private uint FifoStatus => (fifoControl & FifoEnable) == 0 ? 0 : (uint)(received.Count % FifoLength) | (CanReceive ? 0U : 1 << 8);

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
            errors |= OverrunError;
            Raise(ErrorInterrupt);
            return;
        }

        received.Enqueue(value);
        Raise(ReceiveInterrupt);
    }

    private static Register? Find(uint offset) => offset / 4 < Registers.Length ? Registers[offset / 4] : null;

    private static Register?[] Index(Register[] table)
    {
        Register?[] index = new Register?[(int)(table[^1].Offset / 4) + 1];
        foreach (Register register in table)
        {
            index[register.Offset / 4] = register;
        }

        return index;
    }

    private void Raise(uint interrupt)
    {
        source |= interrupt;
        pending |= interrupt & ~mask;
    }

    private void Acknowledge(uint value)
    {
        pending &= ~value;
        source &= ~value;
    }

    private void SetMask(uint value)
    {
        mask = value & AllInterrupts;
        pending = source & ~mask;
    }

    private uint Take() => received.TryDequeue(out byte value) ? value : 0U;

    private uint TakeErrors()
    {
        uint taken = errors;
        errors = 0;
        return taken;
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

        Raise(TransmitInterrupt);
    }

    /// <summary>The reset bits act and read back as 0.</summary>
    private void SetFifoControl(uint value)
    {
        if ((value & ReceiveReset) != 0 || ((value ^ fifoControl) & FifoEnable) != 0)
        {
            received.Clear();
        }

        fifoControl = value & ~(ReceiveReset | TransmitReset);
    }

    private sealed record Register(string Name, uint Offset, Func<Exynos4210Uart, uint> Read, Action<Exynos4210Uart, uint, VirtualInstant>? Write);
}
