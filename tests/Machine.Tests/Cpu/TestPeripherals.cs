using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>A stand-in for the devices beside a core: a counter at 62.5 MHz of a 1 GHz core, lines set by the test, one device page.</summary>
internal sealed class TestPeripherals : ICorePeripherals
{
    internal static readonly ClockRates Rates = new(1_000_000_000, 62_500_000, 64);

    /// <summary>Where a read gives <see cref="DeviceValue"/> and a write is noted.</summary>
    internal const ulong Device = 0x0900_0000;

    private VirtualInstant now;

    internal uint DeviceValue { get; set; }

    internal List<(ulong Address, int Size, uint Value, ulong At)> Written { get; } = [];

    internal List<(ulong Address, int Size, ulong At)> Read { get; } = [];

    internal List<ulong> Events { get; } = [];

    internal InterruptLines Raised { get; set; }

    /// <summary>When <see cref="RaisedLater"/> comes up.</summary>
    internal VirtualInstant LaterAt { get; set; } = VirtualInstant.Never;

    internal InterruptLines RaisedLater { get; set; }

    public InterruptLines Lines => Raised | (now >= LaterAt ? RaisedLater : InterruptLines.None);

    public VirtualInstant NextDeadline => LaterAt > now ? LaterAt : VirtualInstant.Never;

    public void AdvanceTo(VirtualInstant now) => this.now = now;

    public ulong ReadTimer(TimerRegister register, VirtualInstant now) => register switch
    {
        TimerRegister.Frequency => Rates.TimerHz,
        TimerRegister.VirtualCount or TimerRegister.PhysicalCount => Rates.CountAt(now),
        _ => 0,
    };

    public void WriteTimer(TimerRegister register, ulong value, VirtualInstant now) => Written.Add(((ulong)register, 8, (uint)value, now.Cycles));

    /// <summary>What each access takes beside its instruction.</summary>
    public ulong DeviceCycles { get; set; }

    public ulong AccessCycles(Pa address) => DeviceCycles;

    public bool TryRead(Pa address, int size, VirtualInstant now, out uint value)
    {
        Read.Add((address.Value, size, now.Cycles));
        value = DeviceValue;
        return address.Value >> 12 == Device >> 12;
    }

    public void SendEvent(VirtualInstant now) => Events.Add(now.Cycles);

    public bool TryWrite(Pa address, int size, uint value, VirtualInstant now)
    {
        Written.Add((address.Value, size, value, now.Cycles));
        return address.Value >> 12 == Device >> 12;
    }
}
