using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Timer;

/// <summary>One generic timer: a compare value against a 64-bit upward counter (ARM DDI 0406 B8.1.5).</summary>
/// <remarks>The counter is the physical count minus an offset, modulo 2^64; the condition is met while it is at or above the compare value.</remarks>
public sealed class TimerComparator
{
    private const uint Enable = 1 << 0;
    private const uint Mask = 1 << 1;
    private const uint Status = 1 << 2;
    private uint control;

    /// <summary>CVAL.</summary>
    public ulong Compare { get; set; }

    /// <summary>ENABLE and IMASK as written: bits 0 and 1 of CTL.</summary>
    public uint ControlBits
    {
        get => control;
        set => control = value & (Enable | Mask);
    }

    /// <summary>CTL as read: ISTATUS (bit 2) is 0 while the timer is disabled.</summary>
    public uint ReadControl(ulong count) => control | (IsMet(count) ? Status : 0);

    /// <summary>TVAL as read: the low 32 bits of what is left until the compare value.</summary>
    public uint ReadTimerValue(ulong count) => (uint)(Compare - count);

    /// <summary>Writes TVAL: the compare value becomes the count plus the sign-extended value.</summary>
    public void WriteTimerValue(uint value, ulong count) => Compare = count + (ulong)(int)value;

    /// <summary>The timer's output: the condition is met, enabled and not masked.</summary>
    public bool Output(ulong count) => (control & Mask) == 0 && IsMet(count);

    /// <summary>The first instant after a count at which the output changes by itself; Never if it does not.</summary>
    /// <param name="physical">The physical count now.</param>
    /// <param name="offset">What the counter is behind the physical count.</param>
    /// <param name="rates">The board's clocks.</param>
    public VirtualInstant NextChange(ulong physical, ulong offset, ClockRates rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        if ((control & (Enable | Mask)) != Enable)
        {
            return VirtualInstant.Never;
        }

        // Either the counter reaches the compare value, or, having reached it, wraps round to 0 below it.
        ulong count = physical - offset;
        ulong remaining = count < Compare ? Compare - count : 0 - count;
        bool wrapsToMet = count >= Compare && Compare == 0;
        ulong change = physical + remaining;
        return wrapsToMet || change < physical ? VirtualInstant.Never : rates.FirstInstantOf(change);
    }

    /// <summary>The first instant, now at the earliest, at which the output is asserted; Never if it will not be.</summary>
    /// <param name="physical">The physical count now.</param>
    /// <param name="offset">What the counter is behind the physical count.</param>
    /// <param name="rates">The board's clocks.</param>
    /// <param name="now">Now.</param>
    public VirtualInstant NextAssertion(ulong physical, ulong offset, ClockRates rates, VirtualInstant now) =>
        Output(physical - offset) ? now : NextChange(physical, offset, rates);

    private bool IsMet(ulong count) => (control & Enable) != 0 && count >= Compare;
}
