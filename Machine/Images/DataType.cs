namespace ActorTrace.Machine.Images;

/// <summary>A C type of the guest's program. const, volatile, restrict and _Atomic are left out: they do not change
/// how memory is read.</summary>
public abstract class DataType
{
    /// <summary>Bytes it takes; 0 where that is unknown (void, functions, incomplete types).</summary>
    public abstract uint Size { get; }

    /// <summary>The type behind any number of typedefs.</summary>
    public virtual DataType Underlying => this;
}

/// <summary>No type: behind <c>void *</c>, and of symbols that nothing describes.</summary>
public sealed class VoidType : DataType
{
    /// <summary>The only one.</summary>
    public static readonly VoidType Instance = new();

    private VoidType()
    {
    }

    /// <inheritdoc/>
    public override uint Size => 0;

    /// <inheritdoc/>
    public override string ToString() => "void";
}

/// <summary>A function.</summary>
public sealed class FunctionType : DataType
{
    /// <summary>The only one: parameters and result are of no concern here.</summary>
    public static readonly FunctionType Instance = new();

    private FunctionType()
    {
    }

    /// <inheritdoc/>
    public override uint Size => 0;

    /// <inheritdoc/>
    public override string ToString() => "function";
}

/// <summary>What the bits of a base type mean.</summary>
public enum BaseEncoding : byte
{
    /// <summary>A two's complement number.</summary>
    Signed,

    /// <summary>An unsigned number.</summary>
    Unsigned,

    /// <summary>A signed character.</summary>
    SignedCharacter,

    /// <summary>An unsigned character, the plain char of ARM.</summary>
    UnsignedCharacter,

    /// <summary>A truth value.</summary>
    Boolean,

    /// <summary>A floating point number or anything else that is no integer.</summary>
    Other,
}

/// <summary>A type of the language itself.</summary>
/// <param name="name">e.g. "unsigned int".</param>
/// <param name="size">Bytes.</param>
/// <param name="encoding">What the bits mean.</param>
public sealed class BaseType(string name, uint size, BaseEncoding encoding) : DataType
{
    /// <summary>e.g. "unsigned int".</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override uint Size { get; } = size;

    /// <summary>What the bits mean.</summary>
    public BaseEncoding Encoding { get; } = encoding;

    /// <summary>True for numbers below zero.</summary>
    public bool IsSigned => Encoding is BaseEncoding.Signed or BaseEncoding.SignedCharacter;

    /// <summary>True for one-byte types, of which names consist.</summary>
    public bool IsCharacter => Size == 1 && Encoding is not (BaseEncoding.Boolean or BaseEncoding.Other);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A pointer: 4 bytes.</summary>
public sealed class PointerType : DataType
{
    internal PointerType()
    {
    }

    /// <summary>Makes a pointer.</summary>
    public PointerType(DataType target) => Target = target;

    /// <summary>What it points to.</summary>
    public DataType Target { get; internal set; } = VoidType.Instance;

    /// <inheritdoc/>
    public override uint Size => 4;

    /// <inheritdoc/>
    public override string ToString() => DataTypeName.Of(this);
}

/// <summary>An array of one dimension; more dimensions are arrays of arrays.</summary>
public sealed class ArrayType : DataType
{
    internal ArrayType()
    {
    }

    /// <summary>Makes an array.</summary>
    public ArrayType(DataType element, uint count)
    {
        Element = element;
        Count = count;
    }

    /// <summary>Its elements.</summary>
    public DataType Element { get; internal set; } = VoidType.Instance;

    /// <summary>Number of elements; 0 where it is not known (<c>extern int a[];</c>).</summary>
    public uint Count { get; internal set; }

    /// <inheritdoc/>
    public override uint Size => (uint)Math.Min((ulong)Element.Size * Count, uint.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => DataTypeName.Of(this);
}

/// <summary>An enumeration.</summary>
/// <param name="tag">Its tag; null where it has none.</param>
/// <param name="size">Bytes; ARM's EABI may use 1, 2 or 4.</param>
/// <param name="signed">True where its numbers are signed.</param>
public sealed class EnumType(string? tag, uint size, bool signed) : DataType
{
    /// <summary>Its tag; null where it has none.</summary>
    public string? Tag { get; } = tag;

    /// <inheritdoc/>
    public override uint Size { get; } = size;

    /// <summary>True where its numbers are signed.</summary>
    public bool IsSigned { get; } = signed;

    /// <inheritdoc/>
    public override string ToString() => $"enum {Tag ?? "(anonymous)"}";
}

/// <summary>A typedef.</summary>
/// <param name="name">Its name.</param>
public sealed class TypedefType(string name) : DataType
{
    private DataType _target = VoidType.Instance;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it stands for; chains end (the reader refuses circles).</summary>
    public DataType Target
    {
        get => _target;
        internal set => _target = value;
    }

    /// <inheritdoc/>
    public override uint Size => Underlying.Size;

    /// <inheritdoc/>
    public override DataType Underlying
    {
        get
        {
            DataType type = _target;
            while (type is TypedefType typedef)
            {
                type = typedef._target;
            }

            return type;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Writes types as C does, for messages.</summary>
internal static class DataTypeName
{
    private const int MaxDepth = 16;

    internal static string Of(DataType type) => Of(type, 0);

    private static string Of(DataType type, int depth) => type switch
    {
        _ when depth > MaxDepth => "...",
        PointerType { Target: PointerType } pointer => Of(pointer.Target, depth + 1) + "*",
        PointerType pointer => Of(pointer.Target, depth + 1) + " *",
        ArrayType array => $"{Of(array.Element, depth + 1)}[{array.Count}]",
        _ => type.ToString() ?? "?",
    };
}
