using System.Diagnostics.CodeAnalysis;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>A global variable of the program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Address">Where it is; null where the debug information does not say (a declaration only).</param>
public sealed record GlobalVariable(string Name, DataType Type, GuestVa? Address);

/// <summary>The types and global variables of a program. Where two source files use one name for different things, the
/// first complete one in the order of the debug information counts.</summary>
public sealed class TypeGraph
{
    /// <summary>The graph of a program without debug information.</summary>
    public static readonly TypeGraph Empty = new();

    private readonly Dictionary<string, AggregateType> _structs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AggregateType> _unions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnumType> _enums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypedefType> _typedefs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _enumerators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GlobalVariable> _variables = new(StringComparer.Ordinal);

    internal TypeGraph()
    {
    }

    /// <summary>True where nothing is known.</summary>
    public bool IsEmpty => _structs.Count + _typedefs.Count + _variables.Count == 0;

    /// <summary>The tags of the structs, in the order of the debug information.</summary>
    public IEnumerable<string> StructTags => _structs.Keys;

    /// <summary>The names of the typedefs, in the order of the debug information.</summary>
    public IEnumerable<string> TypedefNames => _typedefs.Keys;

    /// <summary>The names of the global variables, in the order of the debug information.</summary>
    public IEnumerable<string> VariableNames => _variables.Keys;

    /// <summary>The names of the enumerations' constants, in the order of the debug information.</summary>
    public IEnumerable<string> EnumeratorNames => _enumerators.Keys;

    /// <summary>Finds <c>struct tag</c>.</summary>
    public bool TryFindStruct(string tag, [NotNullWhen(true)] out AggregateType? type) =>
        _structs.TryGetValue(tag, out type);

    /// <summary>Finds <c>union tag</c>.</summary>
    public bool TryFindUnion(string tag, [NotNullWhen(true)] out AggregateType? type) =>
        _unions.TryGetValue(tag, out type);

    /// <summary>Finds <c>enum tag</c>.</summary>
    public bool TryFindEnum(string tag, [NotNullWhen(true)] out EnumType? type) => _enums.TryGetValue(tag, out type);

    /// <summary>Finds a typedef.</summary>
    public bool TryFindTypedef(string name, [NotNullWhen(true)] out TypedefType? type) =>
        _typedefs.TryGetValue(name, out type);

    /// <summary>Finds the value of an enumeration's constant.</summary>
    public bool TryFindEnumerator(string name, out long value) => _enumerators.TryGetValue(name, out value);

    /// <summary>Finds a global variable; one with an address is preferred.</summary>
    public bool TryFindVariable(string name, [NotNullWhen(true)] out GlobalVariable? variable) =>
        _variables.TryGetValue(name, out variable);

    internal void Add(AggregateType type)
    {
        var table = type.IsUnion ? _unions : _structs;
        if (type.Tag is not null && (!table.TryGetValue(type.Tag, out var present) || !present.IsComplete))
        {
            table[type.Tag] = type;
        }
    }

    internal void Add(EnumType type)
    {
        if (type.Tag is not null)
        {
            _enums.TryAdd(type.Tag, type);
        }
    }

    internal void Add(TypedefType type) => _typedefs.TryAdd(type.Name, type);

    internal void AddEnumerator(string name, long value) => _enumerators.TryAdd(name, value);

    internal void Add(GlobalVariable variable)
    {
        if (!_variables.TryGetValue(variable.Name, out var present)
            || (present.Address is null && variable.Address is not null))
        {
            _variables[variable.Name] = variable;
        }
    }
}
