using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>A UART as the bus and the interrupt controller see it. Its registers take up 4 KiB.</summary>
public interface IUart
{
    /// <summary>The interrupt output, a level.</summary>
    bool InterruptLine { get; }

    /// <summary>The first instant at which the interrupt output may change by itself; Never if it does not.</summary>
    VirtualInstant NextChange => VirtualInstant.Never;

    /// <summary>Lets happen what is due.</summary>
    void AdvanceTo(VirtualInstant now)
    {
    }

    /// <summary>Reads a register; what is no register reads as 0.</summary>
    /// <param name="offset">Bytes from the start of the device, below 4096.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="now">When the access completes.</param>
    uint Read(uint offset, int size, VirtualInstant now);

    /// <summary>Writes a register; what is no register, or read-only, ignores it.</summary>
    /// <param name="offset">Bytes from the start of the device, below 4096.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What is stored.</param>
    /// <param name="now">When the access completes.</param>
    void Write(uint offset, int size, uint value, VirtualInstant now);
}

/// <summary>A UART as the other end of its line sees it.</summary>
public interface ISerialPort : IUart
{
    /// <summary>A byte that arrives now finds room.</summary>
    bool CanReceive { get; }

    /// <summary>Gets each byte that is sent, with the instant of the store that sent it.</summary>
    Action<byte, VirtualInstant>? Sent { get; set; }

    /// <summary>A byte arrives. Where there is no room it is lost and the overrun is noted.</summary>
    void Receive(byte value);
}
