using System.Globalization;

namespace ActorTrace.Machine.Values;

/// <summary>A point of virtual time: board clock cycles since the board was switched on.</summary>
/// <param name="Cycles">Cycles of the core clock, 0 = power on.</param>
public readonly record struct VirtualInstant(ulong Cycles) : IComparable<VirtualInstant>
{
    /// <summary>Power on.</summary>
    public static readonly VirtualInstant Zero;

    /// <summary>Later than every instant of a run: "no event".</summary>
    public static readonly VirtualInstant Never = new(ulong.MaxValue);

    /// <summary>The earlier of two instants.</summary>
    public static VirtualInstant Min(VirtualInstant a, VirtualInstant b) => a.Cycles <= b.Cycles ? a : b;

    /// <summary>The later of two instants.</summary>
    public static VirtualInstant Max(VirtualInstant a, VirtualInstant b) => a.Cycles >= b.Cycles ? a : b;

    /// <inheritdoc/>
    public int CompareTo(VirtualInstant other) => Cycles.CompareTo(other.Cycles);

    /// <summary>The instant some cycles later; stays at <see cref="Never"/> instead of wrapping.</summary>
    public VirtualInstant Plus(ulong cycles) => Cycles > ulong.MaxValue - cycles ? Never : new VirtualInstant(Cycles + cycles);

    /// <summary>The instant some cycles later; stays at <see cref="Never"/> instead of wrapping.</summary>
    public static VirtualInstant operator +(VirtualInstant at, ulong cycles) => at.Plus(cycles);

    /// <summary>Cycles from <paramref name="from"/> to <paramref name="to"/>; <paramref name="to"/> must not be earlier.</summary>
    /// <exception cref="OverflowException">The difference is negative.</exception>
    public static ulong operator -(VirtualInstant to, VirtualInstant from) => checked(to.Cycles - from.Cycles);

    /// <summary>Earlier than.</summary>
    public static bool operator <(VirtualInstant a, VirtualInstant b) => a.Cycles < b.Cycles;

    /// <summary>Later than.</summary>
    public static bool operator >(VirtualInstant a, VirtualInstant b) => a.Cycles > b.Cycles;

    /// <summary>Not later than.</summary>
    public static bool operator <=(VirtualInstant a, VirtualInstant b) => a.Cycles <= b.Cycles;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(VirtualInstant a, VirtualInstant b) => a.Cycles >= b.Cycles;

    /// <inheritdoc/>
    public override string ToString() => Cycles.ToString(CultureInfo.InvariantCulture);
}
