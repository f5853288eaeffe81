namespace ActorTrace.Machine.Values;

/// <summary>A physical core of the board.</summary>
/// <param name="Index">0-based number.</param>
public readonly record struct CoreId(byte Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"core {Index}";
}

/// <summary>A guest virtual machine.</summary>
/// <param name="Index">0-based position in the scenario.</param>
public readonly record struct GuestId(byte Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"guest {Index}";
}

/// <summary>A virtual CPU of a guest.</summary>
/// <param name="Guest">Its guest.</param>
/// <param name="Index">0-based number within the guest.</param>
public readonly record struct VcpuId(GuestId Guest, byte Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Guest} vcpu {Index}";
}

/// <summary>Who sends a cross-core message: a core's number, or one of the constants.</summary>
/// <param name="Value">0..255 = core; above = <see cref="Outside"/>.</param>
public readonly record struct SourceId(ushort Value)
{
    /// <summary>A command that comes from outside the board (the scenario, a user).</summary>
    public static readonly SourceId Outside = new(0x100);

    /// <summary>The source of what a core sends.</summary>
    public static SourceId Of(CoreId core) => new(core.Index);
}

/// <summary>The name and place in order of a message or of the hit, command or tick that begins a causal chain.</summary>
/// <param name="At">When.</param>
/// <param name="Source">Who.</param>
/// <param name="Sequence">Counts up for each source over the run.</param>
public readonly record struct Stamp(VirtualInstant At, SourceId Source, ulong Sequence) : IComparable<Stamp>
{
    /// <summary>Total order: instant, then source, then sequence.</summary>
    public int CompareTo(Stamp other)
    {
        int byTime = At.CompareTo(other.At);
        if (byTime != 0)
        {
            return byTime;
        }

        int bySource = Source.Value.CompareTo(other.Source.Value);
        return bySource != 0 ? bySource : Sequence.CompareTo(other.Sequence);
    }

    /// <summary>Earlier in the total order.</summary>
    public static bool operator <(Stamp a, Stamp b) => a.CompareTo(b) < 0;

    /// <summary>Later in the total order.</summary>
    public static bool operator >(Stamp a, Stamp b) => a.CompareTo(b) > 0;

    /// <summary>Not later in the total order.</summary>
    public static bool operator <=(Stamp a, Stamp b) => a.CompareTo(b) <= 0;

    /// <summary>Not earlier in the total order.</summary>
    public static bool operator >=(Stamp a, Stamp b) => a.CompareTo(b) >= 0;
}
