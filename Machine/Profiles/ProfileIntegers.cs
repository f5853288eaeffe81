using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>C's integer types on 32-bit ARM, and how values change between them (C11, 6.3.1).</summary>
internal static class ProfileIntegers
{
    internal static readonly BaseType Int = new("int", 4, BaseEncoding.Signed);
    internal static readonly BaseType UnsignedInt = new("unsigned int", 4, BaseEncoding.Unsigned);
    internal static readonly BaseType LongLong = new("long long int", 8, BaseEncoding.Signed);
    internal static readonly BaseType UnsignedLongLong = new("long long unsigned int", 8, BaseEncoding.Unsigned);

    /// <summary>Type names that need no debug information.</summary>
    internal static readonly Dictionary<string, DataType> BuiltIn = new(StringComparer.Ordinal)
    {
        ["u8"] = new BaseType("u8", 1, BaseEncoding.Unsigned),
        ["u16"] = new BaseType("u16", 2, BaseEncoding.Unsigned),
        ["u32"] = new BaseType("u32", 4, BaseEncoding.Unsigned),
        ["u64"] = new BaseType("u64", 8, BaseEncoding.Unsigned),
        ["s8"] = new BaseType("s8", 1, BaseEncoding.Signed),
        ["s16"] = new BaseType("s16", 2, BaseEncoding.Signed),
        ["s32"] = new BaseType("s32", 4, BaseEncoding.Signed),
        ["s64"] = new BaseType("s64", 8, BaseEncoding.Signed),
        ["char"] = new BaseType("char", 1, BaseEncoding.UnsignedCharacter),
        ["short"] = new BaseType("short", 2, BaseEncoding.Signed),
        ["int"] = Int,
        ["long"] = new BaseType("long", 4, BaseEncoding.Signed),
        ["unsigned"] = UnsignedInt,
        ["void"] = VoidType.Instance,
    };

    /// <summary>True where the type is a number, a pointer, or becomes a pointer when it is used.</summary>
    internal static bool IsScalar(DataType type) => type.Underlying switch
    {
        BaseType number => number.Encoding != BaseEncoding.Other && number.Size is 1 or 2 or 4 or 8,
        EnumType number => number.Size is 1 or 2 or 4,
        PointerType or ArrayType or FunctionType => true,
        _ => false,
    };

    /// <summary>True for an integer or an enumeration.</summary>
    internal static bool IsInteger(DataType type) => IsScalar(type) && type.Underlying is BaseType or EnumType;

    /// <summary>The type it has as an operand: at least an int; pointers as unsigned.</summary>
    internal static BaseType Promote(DataType type) => type.Underlying switch
    {
        BaseType { Size: 8 } number => number.IsSigned ? LongLong : UnsignedLongLong,
        BaseType { Size: 4, IsSigned: false } => UnsignedInt,
        BaseType => Int,
        EnumType { Size: 4, IsSigned: false } => UnsignedInt,
        EnumType => Int,
        _ => UnsignedInt,
    };

    /// <summary>The type in which two operands are computed.</summary>
    internal static BaseType Common(DataType left, DataType right)
    {
        var (a, b) = (Promote(left), Promote(right));
        return a.Size != b.Size ? (a.Size > b.Size ? a : b) : a.IsSigned ? b : a;
    }

    /// <summary>The value as the type holds it.</summary>
    internal static long Convert(long value, DataType type)
    {
        (uint size, bool signed) = type.Underlying switch
        {
            BaseType { Encoding: BaseEncoding.Boolean } => (0u, false),
            BaseType number => (number.Size, number.IsSigned),
            EnumType number => (number.Size, number.IsSigned),
            _ => (4u, false),
        };
        return (size, signed) switch
        {
            (0, _) => value != 0 ? 1 : 0,
            (1, true) => unchecked((sbyte)value),
            (1, false) => unchecked((byte)value),
            (2, true) => unchecked((short)value),
            (2, false) => unchecked((ushort)value),
            (4, true) => unchecked((int)value),
            (4, false) => unchecked((uint)value),
            _ => value,
        };
    }
}
