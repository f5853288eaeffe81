using System.Numerics;

namespace ActorTrace.Machine.Profiles;

/// <summary>Which priorities have a ready task: a set of numbers 0..255.</summary>
/// <param name="Bits0">Priorities 0..63.</param>
/// <param name="Bits64">Priorities 64..127.</param>
/// <param name="Bits128">Priorities 128..191.</param>
/// <param name="Bits192">Priorities 192..255.</param>
public readonly record struct ReadySet(ulong Bits0, ulong Bits64, ulong Bits128, ulong Bits192)
{
    /// <summary>Priorities are below this.</summary>
    public const int Capacity = 256;

    /// <summary>How many priorities are in it.</summary>
    public int Count =>
        BitOperations.PopCount(Bits0) + BitOperations.PopCount(Bits64)
        + BitOperations.PopCount(Bits128) + BitOperations.PopCount(Bits192);

    /// <summary>True where the priority is in it; false outside of 0..255.</summary>
    public bool Contains(int priority) =>
        (uint)priority < Capacity && (Part(priority >> 6) >> (priority & 63) & 1) != 0;

    /// <summary>The set with one more priority.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in 0..255.</exception>
    public ReadySet With(int priority)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)priority, (uint)Capacity, nameof(priority));
        ulong bit = 1UL << (priority & 63);
        return (priority >> 6) switch
        {
            0 => this with { Bits0 = Bits0 | bit },
            1 => this with { Bits64 = Bits64 | bit },
            2 => this with { Bits128 = Bits128 | bit },
            _ => this with { Bits192 = Bits192 | bit },
        };
    }

    /// <summary>What is in this set and not in the other: the tasks that became ready since.</summary>
    public ReadySet Except(ReadySet other) => new(
        Bits0 & ~other.Bits0, Bits64 & ~other.Bits64, Bits128 & ~other.Bits128, Bits192 & ~other.Bits192);

    /// <summary>The priorities in it, ascending.</summary>
    public Enumerator GetEnumerator() => new(this);

    private ulong Part(int index) => index switch
    {
        0 => Bits0,
        1 => Bits64,
        2 => Bits128,
        _ => Bits192,
    };

    /// <summary>Goes through a set.</summary>
    public record struct Enumerator
    {
        private readonly ReadySet _set;
        private int _part;
        private ulong _rest;

        internal Enumerator(ReadySet set)
        {
            _set = set;
            _rest = set.Bits0;
            Current = -1;
        }

        /// <summary>The priority.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next priority.</summary>
        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_part >= Capacity / 64)
                {
                    return false;
                }

                _rest = _set.Part(_part);
            }

            Current = (_part * 64) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
