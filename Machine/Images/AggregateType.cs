using System.Diagnostics.CodeAnalysis;

namespace ActorTrace.Machine.Images;

/// <summary>A struct or a union.</summary>
public sealed class AggregateType : DataType
{
    private const int MaxNesting = 16;
    private const int MaxMembersVisited = 65536;
    private readonly List<AggregateMember> _members = [];

    internal AggregateType(string? tag, bool isUnion, uint size, bool isComplete)
    {
        Tag = tag;
        IsUnion = isUnion;
        Size = size;
        IsComplete = isComplete;
    }

    /// <summary>Makes a struct from a list of members.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="members">Its members.</param>
    public AggregateType(string tag, uint size, IEnumerable<AggregateMember> members)
        : this(tag, isUnion: false, size, isComplete: true) => _members.AddRange(members);

    /// <summary>Its tag; null where it has none.</summary>
    public string? Tag { get; }

    /// <summary>True for a union.</summary>
    public bool IsUnion { get; }

    /// <summary>False where the program only declares it.</summary>
    public bool IsComplete { get; }

    /// <inheritdoc/>
    public override uint Size { get; }

    /// <summary>Its members in the order of the source.</summary>
    public IReadOnlyList<AggregateMember> Members => _members;

    /// <summary>Finds a member by its name, also in anonymous structs and unions inside.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="member">The member, its offset counted from the start of this type.</param>
    public bool TryFindMember(string name, [NotNullWhen(true)] out AggregateMember? member)
    {
        member = NamedMembers().FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal));
        return member is not null;
    }

    /// <summary>The members with a name, those of anonymous structs and unions included, offsets counted from the start
    /// of this type; at most 65536 are looked at, 16 levels deep.</summary>
    public IEnumerable<AggregateMember> NamedMembers()
    {
        var open = new Stack<(AggregateType Type, uint Offset, int Next)>([(this, 0, 0)]);
        int budget = MaxMembersVisited;
        while (budget-- > 0 && open.TryPop(out var level))
        {
            if (level.Next == level.Type._members.Count)
            {
                continue;
            }

            open.Push(level with { Next = level.Next + 1 });
            var member = level.Type._members[level.Next];
            uint offset = unchecked(level.Offset + member.Offset);
            if (member.Name is not null)
            {
                yield return new AggregateMember(member.Name, offset, member.Type, member.IsBitField);
            }
            else if (open.Count < MaxNesting && member.Type.Underlying is AggregateType inner)
            {
                open.Push((inner, offset, 0));
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(IsUnion ? "union" : "struct")} {Tag ?? "(anonymous)"}";

    internal void Add(AggregateMember member) => _members.Add(member);
}

/// <summary>A member of a struct or union.</summary>
public sealed class AggregateMember
{
    /// <summary>Makes a member.</summary>
    /// <param name="name">Its name; null for an anonymous struct or union.</param>
    /// <param name="offset">Byte offset from the start.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isBitField">True where it shares its bytes with others.</param>
    public AggregateMember(string? name, uint offset, DataType type, bool isBitField = false)
    {
        Name = name;
        Offset = offset;
        Type = type;
        IsBitField = isBitField;
    }

    /// <summary>Its name; null for an anonymous struct or union.</summary>
    public string? Name { get; }

    /// <summary>Byte offset from the start; of a bit-field 0, as its place is not known by bytes.</summary>
    public uint Offset { get; }

    /// <summary>Its type.</summary>
    public DataType Type { get; internal set; }

    /// <summary>True where it shares its bytes with others.</summary>
    public bool IsBitField { get; }
}
