using System.Buffers.Binary;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Profiles;

/// <summary>One evaluation: the guest, the variables, and what went wrong.</summary>
/// <param name="reader">The guest.</param>
/// <param name="arguments">The variables.</param>
internal ref struct ProfileEvaluation(IGuestReader reader, ProfileArguments arguments)
{
    internal readonly IGuestReader Reader = reader;
    internal readonly ProfileArguments Arguments = arguments;

    internal ProfileFault Fault { get; private set; }

    internal bool TryRead(uint address, scoped Span<byte> destination)
    {
        if (Reader.TryRead(address, destination))
        {
            return true;
        }

        Fault = new ProfileFault(ProfileFaultKind.UnreadableMemory, new GuestVa(address));
        return false;
    }

    internal bool DivisionByZero()
    {
        Fault = new ProfileFault(ProfileFaultKind.DivisionByZero, default);
        return false;
    }
}

/// <summary>A part of a compiled expression.</summary>
/// <param name="type">Its C type.</param>
internal abstract class ProfileNode(DataType type)
{
    internal DataType Type { get; } = type;

    /// <summary>Its value, as <see cref="ProfileIntegers.Convert"/> holds it; an address for arrays and structs.</summary>
    internal abstract bool TryEvaluate(ref ProfileEvaluation evaluation, out long value);
}

/// <summary>Something with an address.</summary>
internal abstract class ProfilePlace(DataType type) : ProfileNode(type)
{
    internal abstract bool TryAddress(ref ProfileEvaluation evaluation, out uint address);

    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = 0;
        if (!TryAddress(ref evaluation, out uint address))
        {
            return false;
        }

        if (Type.Underlying is ArrayType or AggregateType or FunctionType or VoidType)
        {
            value = address;
            return true;
        }

        Span<byte> bytes = stackalloc byte[8];
        if (!evaluation.TryRead(address, bytes[..(int)Type.Size]))
        {
            return false;
        }

        value = ProfileIntegers.Convert(BinaryPrimitives.ReadInt64LittleEndian(bytes), Type);
        return true;
    }
}

/// <summary>A global variable or function.</summary>
internal sealed class ProfileSymbolNode(DataType type, uint address) : ProfilePlace(type)
{
    internal uint Address => address;

    internal override bool TryAddress(ref ProfileEvaluation evaluation, out uint result)
    {
        result = address;
        return true;
    }
}

/// <summary><c>*pointer</c>, and what <c>pointer-></c> stands on.</summary>
internal sealed class ProfileTargetNode(DataType type, ProfileNode pointer) : ProfilePlace(type)
{
    internal override bool TryAddress(ref ProfileEvaluation evaluation, out uint address)
    {
        bool known = pointer.TryEvaluate(ref evaluation, out long value);
        address = unchecked((uint)value);
        return known;
    }
}

/// <summary><c>place.member</c>.</summary>
internal sealed class ProfileMemberNode(DataType type, ProfilePlace place, uint offset) : ProfilePlace(type)
{
    internal override bool TryAddress(ref ProfileEvaluation evaluation, out uint address)
    {
        bool known = place.TryAddress(ref evaluation, out uint start);
        address = unchecked(start + offset);
        return known;
    }
}

/// <summary>A number in the text, or an enumeration's constant.</summary>
internal sealed class ProfileNumberNode(DataType type, long number) : ProfileNode(type)
{
    internal long Number => number;

    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = number;
        return true;
    }
}

/// <summary>A register.</summary>
internal sealed class ProfileRegisterNode(ProfileRegister register) : ProfileNode(ProfileIntegers.UnsignedInt)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = evaluation.Reader.Register(register);
        return true;
    }
}

/// <summary>Variable <c>task</c>, <c>priority</c>, <c>list</c> or <c>item</c>.</summary>
internal sealed class ProfileVariableNode(DataType type, ProfileVariables variable) : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = variable switch
        {
            ProfileVariables.Task => evaluation.Arguments.Task,
            ProfileVariables.Priority => evaluation.Arguments.Priority,
            ProfileVariables.List => evaluation.Arguments.List,
            _ => evaluation.Arguments.Item,
        };
        return true;
    }
}

/// <summary><c>&amp;place</c>, and arrays that become pointers.</summary>
internal sealed class ProfileAddressNode(DataType type, ProfilePlace place) : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        bool known = place.TryAddress(ref evaluation, out uint address);
        value = address;
        return known;
    }
}

/// <summary>A cast.</summary>
internal sealed class ProfileCastNode(DataType type, ProfileNode operand) : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        bool known = operand.TryEvaluate(ref evaluation, out long raw);
        value = ProfileIntegers.Convert(raw, Type);
        return known;
    }
}
