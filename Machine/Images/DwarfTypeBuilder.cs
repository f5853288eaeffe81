using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>Makes types of entries. Entries refer to later ones, so a type is made when its entry is read, and what it
/// refers to is filled in at the end.</summary>
/// <param name="reader">Resolves names and locations.</param>
/// <param name="image">Name of the image, for messages.</param>
/// <param name="origin">Byte offset of .debug_info in the image.</param>
internal sealed class DwarfTypeBuilder(DwarfReader reader, string image, uint origin)
{
    // Typedefs of typedefs and arrays of arrays: a longer chain is a circle.
    private const int MaxChain = 64;

    private readonly TypeGraph _graph = new();
    private readonly Dictionary<ulong, DataType> _types = [];
    private readonly Dictionary<ulong, DwarfValue> _qualified = [];
    private readonly Dictionary<ulong, ulong> _signatures = [];
    private readonly List<(DataType Owner, DwarfValue Target)> _links = [];
    private readonly List<(AggregateMember Member, DwarfValue Type)> _members = [];
    private readonly Dictionary<ulong, RawVariable> _variables = [];
    private readonly List<RawVariable> _variableOrder = [];
    private readonly Stack<object?> _open = [];
    private DwarfUnit? _unit;

    private sealed record RawVariable(string? Name, DwarfValue Type, uint? Address, DwarfValue Specification);

    /// <summary>An array whose dimensions are being read.</summary>
    private sealed class OpenArray(ArrayType outer, DwarfValue element)
    {
        internal ArrayType Innermost { get; set; } = outer;

        internal int Dimensions { get; set; }

        internal DwarfValue Element { get; } = element;

        /// <summary>Where in the links the element is.</summary>
        internal int Link { get; init; }
    }

    private DwarfUnit Unit => _unit ?? throw new InvalidOperationException("An entry outside of a unit.");

    internal void BeginUnit(DwarfUnit unit)
    {
        _unit = unit;
        _open.Clear();
    }

    internal void AddSignature(ulong signature, ulong offset) => _signatures.TryAdd(signature, offset);

    internal void EndChildren() => _open.TryPop(out _);

    /// <summary>Takes an entry.</summary>
    internal void Add(DwarfEntry entry)
    {
        object? parent = _open.TryPeek(out object? top) ? top : null;
        object? made = Make(entry, parent);
        if (made is DataType type)
        {
            _types[(ulong)entry.Offset] = type;
        }
        else if (made is OpenArray array)
        {
            _types[(ulong)entry.Offset] = array.Innermost;
        }

        if (entry.HasChildren)
        {
            _open.Push(made);
        }
    }

    /// <summary>Fills in what types refer to and gives the graph.</summary>
    internal TypeGraph Link()
    {
        foreach (var (owner, target) in _links)
        {
            var resolved = Resolve(target);
            switch (owner)
            {
                case PointerType pointer: pointer.Target = resolved; break;
                case TypedefType typedef: typedef.Target = resolved; break;
                case ArrayType array: array.Element = resolved; break;
                default: throw new InvalidOperationException($"{owner.GetType().Name} refers to no type.");
            }
        }

        foreach (var (member, type) in _members)
        {
            member.Type = Resolve(type);
        }

        foreach (var (owner, _) in _links)
        {
            RequireEnd(owner);
        }

        foreach (var variable in _variableOrder)
        {
            AddVariable(variable);
        }

        return _graph;
    }

    private object? Make(DwarfEntry entry, object? parent)
    {
        switch (entry.Tag)
        {
            case DwarfTag.CompileUnit or DwarfTag.PartialUnit or DwarfTag.SkeletonUnit or DwarfTag.TypeUnit:
                Unit.StrOffsetsBase = entry.StrOffsetsBase.IsNumber ? entry.StrOffsetsBase.Value : Unit.StrOffsetsBase;
                Unit.AddrBase = entry.AddrBase.IsNumber ? entry.AddrBase.Value : Unit.AddrBase;
                return Unit;
            case DwarfTag.BaseType:
                return new BaseType(Name(entry) ?? "(nameless)", Size(entry), Encoding(entry.Encoding.Value));
            case DwarfTag.StructureType or DwarfTag.UnionType:
                var aggregate = new AggregateType(
                    Name(entry), entry.Tag == DwarfTag.UnionType, Size(entry), !entry.Declaration.IsSet);
                _graph.Add(aggregate);
                return aggregate;
            case DwarfTag.EnumerationType:
                bool signed = Encoding(entry.Encoding.Value) is BaseEncoding.Signed or BaseEncoding.SignedCharacter;
                var enumeration = new EnumType(Name(entry), Size(entry), signed);
                _graph.Add(enumeration);
                return enumeration;
            case DwarfTag.PointerType:
                return Linked(new PointerType(), entry.Type);
            case DwarfTag.SubroutineType:
                return FunctionType.Instance;
            case DwarfTag.Typedef:
                return MakeTypedef(entry);
            case DwarfTag.ArrayType:
                var array = new ArrayType();
                Linked(array, entry.Type);
                return new OpenArray(array, entry.Type) { Link = _links.Count - 1 };
            case DwarfTag.ConstType or DwarfTag.VolatileType or DwarfTag.RestrictType or DwarfTag.AtomicType:
                _qualified[(ulong)entry.Offset] = entry.Type;
                return null;
            default:
                AddPart(entry, parent);
                return null;
        }
    }

    private void AddPart(DwarfEntry entry, object? parent)
    {
        switch (entry.Tag)
        {
            case DwarfTag.Member when parent is AggregateType aggregate:
                bool bitField = entry.BitSize.IsNumber;
                var member = new AggregateMember(
                    Name(entry),
                    bitField ? 0 : reader.MemberOffset(entry.MemberLocation),
                    VoidType.Instance,
                    bitField);
                aggregate.Add(member);
                _members.Add((member, entry.Type));
                break;
            case DwarfTag.SubrangeType when parent is OpenArray array:
                AddDimension(array, Count(entry));
                break;
            case DwarfTag.Enumerator when parent is EnumType && Name(entry) is { } name:
                _graph.AddEnumerator(name, (long)entry.ConstValue.Value);
                break;
            case DwarfTag.Variable when parent is DwarfUnit:
                var variable = new RawVariable(
                    Name(entry), entry.Type, reader.Address(entry.Location, Unit), entry.Specification);
                _variables[(ulong)entry.Offset] = variable;
                _variableOrder.Add(variable);
                break;
            default:
                break;
        }
    }

    private DataType Linked(DataType owner, DwarfValue target)
    {
        _links.Add((owner, target));
        return owner;
    }

    private DataType MakeTypedef(DwarfEntry entry)
    {
        var typedef = new TypedefType(Name(entry) ?? "(nameless)");
        _graph.Add(typedef);
        return Linked(typedef, entry.Type);
    }

    private void AddDimension(OpenArray array, uint count)
    {
        if (array.Dimensions == MaxChain)
        {
            throw new ImageFormatException(image, origin, $"an array has more than {MaxChain} dimensions");
        }

        if (array.Dimensions > 0)
        {
            // int a[2][3]: the array found so far holds arrays of the next dimension, and those the elements.
            var inner = new ArrayType();
            _links[array.Link] = (inner, array.Element);
            array.Innermost.Element = inner;
            array.Innermost = inner;
        }

        array.Innermost.Count = count;
        array.Dimensions++;
    }

    private static uint Count(DwarfEntry entry)
    {
        ulong count = entry.Count.IsNumber ? entry.Count.Value
            : entry.UpperBound.IsNumber ? unchecked(entry.UpperBound.Value + 1)
            : 0;

        // An upper bound of -1, in 32 or 64 bits, is int a[0].
        return count == 1UL << 32 ? 0 : (uint)Math.Min(count, uint.MaxValue);
    }

    private string? Name(DwarfEntry entry) => reader.Text(entry.Name, Unit);

    private static uint Size(DwarfEntry entry) =>
        entry.ByteSize.IsNumber ? (uint)Math.Min(entry.ByteSize.Value, uint.MaxValue) : 0;

    /// <summary>DW_ATE_* (DWARF 5, table 7.11).</summary>
    private static BaseEncoding Encoding(ulong code) => code switch
    {
        0x02 => BaseEncoding.Boolean,
        0x05 => BaseEncoding.Signed,
        0x06 => BaseEncoding.SignedCharacter,
        0x07 => BaseEncoding.Unsigned,
        0x08 or 0x10 => BaseEncoding.UnsignedCharacter,
        _ => BaseEncoding.Other,
    };

    private DataType Resolve(DwarfValue reference)
    {
        for (int hops = 0; hops < MaxChain; hops++)
        {
            ulong offset;
            switch (reference.Class)
            {
                case DwarfClass.Reference:
                    offset = reference.Value;
                    break;
                case DwarfClass.Signature when _signatures.TryGetValue(reference.Value, out ulong unitOffset):
                    offset = unitOffset;
                    break;
                default:
                    return VoidType.Instance;
            }

            if (_types.TryGetValue(offset, out var type))
            {
                return Complete(type);
            }

            if (!_qualified.TryGetValue(offset, out reference))
            {
                // A type of another language, or one that takes no part in reading memory.
                return VoidType.Instance;
            }
        }

        throw Circle();
    }

    /// <summary>A declared struct becomes the one that another source file defines.</summary>
    private DataType Complete(DataType type) => type switch
    {
        AggregateType { IsComplete: false, IsUnion: false, Tag: { } tag }
            when _graph.TryFindStruct(tag, out var found) => found,
        AggregateType { IsComplete: false, IsUnion: true, Tag: { } tag }
            when _graph.TryFindUnion(tag, out var found) => found,
        _ => type,
    };

    private void RequireEnd(DataType type)
    {
        for (int hops = 0; hops < MaxChain; hops++)
        {
            switch (type)
            {
                case TypedefType typedef: type = typedef.Target; break;
                case ArrayType array: type = array.Element; break;
                default: return;
            }
        }

        throw Circle();
    }

    private ImageFormatException Circle() =>
        new(image, origin, "types in the debug information refer to each other in a circle");

    private void AddVariable(RawVariable variable)
    {
        var named = variable;
        for (int hops = 0;
             named.Name is null && hops < MaxChain && named.Specification.Class == DwarfClass.Reference
                && _variables.TryGetValue(named.Specification.Value, out var declared);
             hops++)
        {
            named = declared;
        }

        if (named.Name is not null)
        {
            // int a[]; declared, int a[8]; defined: the definition has its own type.
            var type = variable.Type.Class != DwarfClass.Absent ? variable.Type : named.Type;
            GuestVa? address = variable.Address is { } value ? new GuestVa(value) : null;
            _graph.Add(new GlobalVariable(named.Name, Resolve(type), address));
        }
    }
}
