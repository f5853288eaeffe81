using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>A contiguous piece of physical RAM.</summary>
public sealed class RamRegion
{
    /// <summary>Allocates zeroed RAM.</summary>
    /// <param name="start">First physical address, 4 KiB aligned.</param>
    /// <param name="length">Bytes, a positive multiple of 4 KiB, at most 1 GiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not aligned, or too large.</exception>
    public RamRegion(Pa start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(start.Value & 0xFFF, 0UL, nameof(start));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length & 0xFFF, 0, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1 << 30);
        Start = start;
        Bytes = GC.AllocateArray<byte>(length, pinned: true);
    }

    /// <summary>First physical address.</summary>
    public Pa Start { get; }

    /// <summary>The content; index 0 is at <see cref="Start"/>. Pinned, so that a core may hold a pointer.</summary>
    public byte[] Bytes { get; }

    /// <summary>False for memory that only reads, as a ROM: stores to it are the devices' matter.</summary>
    public bool Writable { get; init; } = true;

    /// <summary>True where <paramref name="length"/> bytes from <paramref name="address"/> lie inside.</summary>
    public bool Contains(Pa address, uint length) =>
        address.Value >= Start.Value && address.Value - Start.Value + length <= (ulong)Bytes.Length;
}
