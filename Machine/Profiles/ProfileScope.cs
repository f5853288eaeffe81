using System.Diagnostics.CodeAnalysis;
using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>What names mean in a profile's expressions: the profile's own declarations first, then the image's.</summary>
public sealed class ProfileScope
{
    private readonly TypeGraph _types;
    private readonly SymbolTable _symbols;
    private readonly Dictionary<string, AggregateType> _structs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataType> _variables = new(StringComparer.Ordinal);
    private readonly List<ProfileUse> _uses = [];

    /// <summary>Makes a scope.</summary>
    /// <param name="types">The image's types.</param>
    /// <param name="symbols">The image's symbols.</param>
    /// <param name="structs">Layouts that the profile gives.</param>
    /// <param name="variables">Types of global variables that the profile gives.</param>
    /// <param name="taskType">C type of what the variable <c>task</c> points to; null where there is no such
    /// variable.</param>
    /// <exception cref="ProfileException">A type is unknown or malformed.</exception>
    public ProfileScope(
        TypeGraph types,
        SymbolTable symbols,
        IReadOnlyList<StructLayout>? structs = null,
        IReadOnlyList<VariableDeclaration>? variables = null,
        string? taskType = null)
    {
        _types = types;
        _symbols = symbols;
        AddStructs(structs ?? []);
        foreach (var variable in variables ?? [])
        {
            _variables[variable.Name] = Type(variable.Type, $"variables.{variable.Name}");
        }

        TaskPointer = new PointerType(taskType is null ? VoidType.Instance : Type(taskType, "taskType"));
    }

    /// <summary>Type of the variable <c>task</c>.</summary>
    public PointerType TaskPointer { get; }

    /// <summary>The image's symbols.</summary>
    public SymbolTable Symbols => _symbols;

    /// <summary>The names that the expressions compiled so far use, in the order of their use.</summary>
    public IReadOnlyList<ProfileUse> Uses => _uses;

    /// <summary>Type of the variable <c>list</c>.</summary>
    internal DataType ListPointer { get; set; } = VoidType.Instance;

    /// <summary>Type of the variable <c>item</c>.</summary>
    internal DataType ItemPointer { get; set; } = VoidType.Instance;

    /// <summary>What an unknown name may have been meant to be.</summary>
    internal IEnumerable<string> SymbolNames =>
        _types.VariableNames.Concat(_types.EnumeratorNames).Concat(_symbols.All.Select(s => s.Name));

    internal IEnumerable<string> TypedefNames => _types.TypedefNames;

    internal IEnumerable<string> StructTags => _structs.Keys.Concat(_types.StructTags);

    internal void Use(ProfileUse use) => _uses.Add(use);

    internal void Use(string name, ProfileNode node) => Use(node switch
    {
        ProfileNumberNode constant => new ProfileUse(
            ProfileUseKind.Constant, name, constant.Number, constant.Type.Size, $"{constant.Type}"),
        ProfileSymbolNode { Type: FunctionType } function => new ProfileUse(
            ProfileUseKind.Function, name, function.Address, 0, "function"),
        ProfileSymbolNode variable => new ProfileUse(
            ProfileUseKind.Variable, name, variable.Address, variable.Type.Size,
            variable.Type is VoidType ? "unknown" : $"{variable.Type}"),
        _ => throw new InvalidOperationException($"'{name}' stands for no symbol."),
    });

    /// <summary>Forgets what an alternative that does not count has used.</summary>
    /// <param name="count">How many uses remain.</param>
    internal void ForgetUses(int count) => _uses.RemoveRange(count, _uses.Count - count);

    internal DataType TypeOf(ProfileVariables variable) => variable switch
    {
        ProfileVariables.Task => TaskPointer,
        ProfileVariables.List => ListPointer,
        ProfileVariables.Item => ItemPointer,
        _ => ProfileIntegers.Int,
    };

    internal bool TryFindStruct(string tag, [NotNullWhen(true)] out AggregateType? type) =>
        _structs.TryGetValue(tag, out type) || _types.TryFindStruct(tag, out type);

    internal bool TryFindUnion(string tag, [NotNullWhen(true)] out AggregateType? type) =>
        _types.TryFindUnion(tag, out type);

    internal bool TryFindEnum(string tag, [NotNullWhen(true)] out EnumType? type) => _types.TryFindEnum(tag, out type);

    /// <summary>A typedef of the image, else a built-in name.</summary>
    internal bool TryFindType(string name, [NotNullWhen(true)] out DataType? type)
    {
        type = _types.TryFindTypedef(name, out var typedef) ? typedef : ProfileIntegers.BuiltIn.GetValueOrDefault(name);
        return type is not null;
    }

    /// <summary>A global variable, function, or enumeration constant; null where the name is unknown.</summary>
    internal ProfileNode? FindSymbol(string name)
    {
        bool hasSymbol = _symbols.TryFind(name, out var symbol);
        if (_variables.TryGetValue(name, out var declared) && symbol is not null)
        {
            return new ProfileSymbolNode(declared, symbol.Address.Value);
        }

        if (_types.TryFindVariable(name, out var variable) && (variable.Address ?? symbol?.Address) is { } address)
        {
            return new ProfileSymbolNode(variable.Type, address.Value);
        }

        if (_types.TryFindEnumerator(name, out long constant))
        {
            var type = constant is >= int.MinValue and <= int.MaxValue ? ProfileIntegers.Int : ProfileIntegers.LongLong;
            return new ProfileNumberNode(type, constant);
        }

        return hasSymbol && symbol is not null
            ? new ProfileSymbolNode(
                symbol.Kind == ElfSymbolKind.Function ? FunctionType.Instance : VoidType.Instance,
                symbol.Address.Value)
            : null;
    }

    private void AddStructs(IReadOnlyList<StructLayout> structs)
    {
        // Tags first: members may point to any of the structs.
        var made = new List<(AggregateType Type, StructLayout Layout)>();
        foreach (var layout in structs)
        {
            var type = new AggregateType(layout.Tag, layout.Size, []);
            made.Add((type, layout));
            _structs[layout.Tag] = type;
        }

        foreach (var (type, layout) in made)
        {
            foreach (var member in layout.Members)
            {
                string field = $"structs.{layout.Tag}.{member.Name}";
                type.Add(new AggregateMember(member.Name, member.Offset, Type(member.Type, field)));
            }
        }
    }

    private DataType Type(string text, string field)
    {
        try
        {
            return ProfileParser.ParseType(text, this);
        }
        catch (ProfileException exception)
        {
            throw exception.At(field);
        }
    }
}
