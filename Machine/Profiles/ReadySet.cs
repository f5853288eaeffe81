using System.Buffers.Binary;
using System.Numerics;

namespace ActorTrace.Machine.Profiles;

/// <summary>Which priorities have a ready task: a set of numbers 0..255, a value.</summary>
/// <param name="Bits0">Priorities 0..63.</param>
/// <param name="Bits64">Priorities 64..127.</param>
/// <param name="Bits128">Priorities 128..191.</param>
/// <param name="Bits192">Priorities 192..255.</param>
public sealed record ReadySet(ulong Bits0, ulong Bits64, ulong Bits128, ulong Bits192)
{
    /// <summary>Priorities are below this.</summary>
    public const int Capacity = 256;

    /// <summary>No priority.</summary>
    public static readonly ReadySet Empty = new(0, 0, 0, 0);

    /// <summary>How many priorities are in it.</summary>
    public int Count =>
        BitOperations.PopCount(Bits0) + BitOperations.PopCount(Bits64)
        + BitOperations.PopCount(Bits128) + BitOperations.PopCount(Bits192);

    /// <summary>The priorities in it, ascending.</summary>
    public IEnumerable<int> Bits
    {
        get
        {
            for (int part = 0; part < Capacity / 64; part++)
            {
                for (ulong rest = Part(part); rest != 0; rest &= rest - 1)
                {
                    yield return (part * 64) + BitOperations.TrailingZeroCount(rest);
                }
            }
        }
    }

    /// <summary>True where the priority is in it; false outside of 0..255.</summary>
    public bool Contains(int priority) =>
        (uint)priority < Capacity && (Part(priority >> 6) >> (priority & 63) & 1) != 0;

    /// <summary>What is in this set and not in the other: the tasks that became ready since.</summary>
    public ReadySet Except(ReadySet other) => new(
        Bits0 & ~other.Bits0, Bits64 & ~other.Bits64, Bits128 & ~other.Bits128, Bits192 & ~other.Bits192);

    /// <summary>The set of a bitmap of 32 bytes: bit b of byte n is priority 8 * n + b.</summary>
    internal static ReadySet Of(ReadOnlySpan<byte> bitmap) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bitmap),
        BinaryPrimitives.ReadUInt64LittleEndian(bitmap[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bitmap[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bitmap[24..]));

    /// <summary>The set of a bitmap of 32 bytes whose entries begin with their most significant bit.</summary>
    internal static ReadySet OfReversed(ReadOnlySpan<byte> bitmap, int bitsPerEntry)
    {
        Span<byte> straight = stackalloc byte[Capacity / 8];
        straight.Clear();
        for (int bit = 0; bit < Capacity; bit++)
        {
            int mirrored = bit ^ (bitsPerEntry - 1);
            straight[mirrored >> 3] |= (byte)((bitmap[bit >> 3] >> (bit & 7) & 1) << (mirrored & 7));
        }

        return Of(straight);
    }

    private ulong Part(int index) => index switch
    {
        0 => Bits0,
        1 => Bits64,
        2 => Bits128,
        _ => Bits192,
    };
}
