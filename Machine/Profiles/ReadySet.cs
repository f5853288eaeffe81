namespace ActorTrace.Machine.Profiles;

/// <summary>Which tasks are ready at an instant: a set of numbers, a value. A number is a priority where the kernel has a
/// bitmap, the address of a TCB where it has lists.</summary>
public sealed class ReadySet : IEquatable<ReadySet>
{
    /// <summary>The most members: more tasks than any kernel for which this is made has ready at a time.</summary>
    public const int Capacity = 256;

    /// <summary>No member.</summary>
    public static readonly ReadySet Empty = new([]);

    private readonly uint[] _members;

    private ReadySet(uint[] members) => _members = members;

    /// <summary>The members, ascending.</summary>
    public IReadOnlyList<uint> Members => _members;

    /// <summary>Makes a set; members may be given twice, in any order.</summary>
    public static ReadySet Of(ReadOnlySpan<uint> members)
    {
        if (members.IsEmpty)
        {
            return Empty;
        }

        uint[] sorted = members.ToArray();
        Array.Sort(sorted);
        int count = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] != sorted[count - 1])
            {
                sorted[count++] = sorted[i];
            }
        }

        return new ReadySet(sorted[..count]);
    }

    /// <summary>True where it is a member.</summary>
    public bool Contains(uint member) => Array.BinarySearch(_members, member) >= 0;

    /// <summary>What is in this set and not in the other: the tasks that became ready since.</summary>
    public ReadySet Except(ReadySet other) => new([.. _members.Where(m => !other.Contains(m))]);

    /// <inheritdoc/>
    public bool Equals(ReadySet? other) => other is not null && _members.AsSpan().SequenceEqual(other._members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReadySet);

    /// <inheritdoc/>
    public override int GetHashCode() => _members.Aggregate(_members.Length, (hash, m) => unchecked((hash * 31) + (int)m));
}
