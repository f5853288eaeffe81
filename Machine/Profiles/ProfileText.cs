using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Names in guest memory: arrays of characters, and pointers to characters that a NUL ends.</summary>
internal static class ProfileText
{
    /// <summary>True for an array of characters, or a pointer to characters.</summary>
    internal static bool IsText(DataType type) => Element(type) is BaseType { IsCharacter: true };

    /// <summary>Reads the bytes before the NUL, at most as many as the destination holds; the null pointer is the empty
    /// text.</summary>
    internal static bool TryRead(
        ref ProfileEvaluation evaluation, ProfileNode node, scoped Span<byte> destination, out int length)
    {
        length = 0;
        if (!node.TryEvaluate(ref evaluation, out long number))
        {
            return false;
        }

        uint address = unchecked((uint)number);
        if (node.Type.Underlying is ArrayType array)
        {
            var bytes = destination[..(int)Math.Min((uint)destination.Length, array.Count)];
            if (!evaluation.TryRead(address, bytes))
            {
                return false;
            }

            length = bytes.IndexOf((byte)0) is >= 0 and int end ? end : bytes.Length;
            return true;
        }

        return address == 0 || TryReadUntilNul(ref evaluation, address, destination, out length);
    }

    /// <summary>Reads word by word: the text may end right before memory that cannot be read, and a word crosses no
    /// page.</summary>
    private static bool TryReadUntilNul(
        ref ProfileEvaluation evaluation, uint address, scoped Span<byte> destination, out int length)
    {
        length = 0;
        while (length < destination.Length)
        {
            uint at = unchecked(address + (uint)length);
            var piece = destination.Slice(length, Math.Min(destination.Length - length, 4 - (int)(at & 3)));
            if (!evaluation.TryRead(at, piece))
            {
                length = 0;
                return false;
            }

            int end = piece.IndexOf((byte)0);
            length += end >= 0 ? end : piece.Length;
            if (end >= 0)
            {
                return true;
            }
        }

        return true;
    }

    private static DataType? Element(DataType type) => type.Underlying switch
    {
        ArrayType array => array.Element.Underlying,
        PointerType pointer => pointer.Target.Underlying,
        _ => null,
    };
}

/// <summary><c>"text"</c>: it can only be compared.</summary>
internal sealed class ProfileTextNode(byte[] bytes) : ProfileNode(VoidType.Instance)
{
    /// <summary>The longest text: what guests call their tasks is shorter.</summary>
    internal const int MaxLength = 32;

    internal byte[] Bytes { get; } = bytes;

    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value) =>
        throw new InvalidOperationException("A text without a comparison: the parser refuses that.");
}

/// <summary><c>name == "text"</c>: 1 where the guest's text is the same to its NUL.</summary>
internal sealed class ProfileTextComparisonNode(ProfileNode name, byte[] text, bool equal)
    : ProfileNode(ProfileIntegers.Int)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        // One byte more than the text: a longer name that begins like it is another one.
        Span<byte> bytes = stackalloc byte[ProfileTextNode.MaxLength + 1];
        bool known = ProfileText.TryRead(ref evaluation, name, bytes[..(text.Length + 1)], out int length);
        value = bytes[..length].SequenceEqual(text) == equal ? 1 : 0;
        return known;
    }
}
