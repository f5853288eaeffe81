namespace ActorTrace.Machine.Values;

/// <summary>The board's clocks. All conversions are exact integer arithmetic in 128 bits, rounded down unless said.</summary>
/// <param name="CoreHz">Core clock in Hz, at least 1: the unit of <see cref="VirtualInstant"/>.</param>
/// <param name="TimerHz">Generic timer (CNTFRQ) in Hz, at least 1.</param>
/// <param name="CyclesPerInstruction">Core cycles that every instruction takes, at least 1.</param>
public sealed record ClockRates(ulong CoreHz, ulong TimerHz, uint CyclesPerInstruction)
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds since power on, rounded down.</summary>
    public ulong ToNanoseconds(VirtualInstant at) => (ulong)((UInt128)at.Cycles * NanosecondsPerSecond / CoreHz);

    /// <summary>The first instant that is not earlier than <paramref name="nanoseconds"/> after power on.</summary>
    public VirtualInstant FromNanoseconds(ulong nanoseconds) =>
        new((ulong)(((UInt128)nanoseconds * CoreHz + (NanosecondsPerSecond - 1)) / NanosecondsPerSecond));

    /// <summary>The physical count (CNTPCT) at an instant: floor(cycles * TimerHz / CoreHz).</summary>
    public ulong CountAt(VirtualInstant at) => (ulong)((UInt128)at.Cycles * TimerHz / CoreHz);

    /// <summary>The first instant at which the physical count is at least <paramref name="count"/>; Never if out of range.</summary>
    public VirtualInstant FirstInstantOf(ulong count)
    {
        UInt128 cycles = ((UInt128)count * CoreHz + (TimerHz - 1)) / TimerHz;
        return cycles >= ulong.MaxValue ? VirtualInstant.Never : new VirtualInstant((ulong)cycles);
    }
}
