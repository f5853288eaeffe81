using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>A compiled expression of a kernel profile. Immutable; evaluating allocates nothing.</summary>
public sealed class ProfileExpression
{
    /// <summary>The most bytes a name can have: Linux' TASK_COMM_LEN without the NUL.</summary>
    public const int MaxNameLength = 15;

    private readonly ProfileNode _root;

    private ProfileExpression(string text, ProfileNode root)
    {
        Text = text;
        _root = root;
    }

    /// <summary>The text it was compiled from.</summary>
    public string Text { get; }

    /// <summary>C type of its value.</summary>
    public DataType Type => _root.Type;

    /// <summary>True where its value is an array of characters, or a pointer to characters.</summary>
    public bool IsText => ProfileText.IsText(Type);

    /// <summary>True where its value is a number.</summary>
    public bool IsInteger => ProfileIntegers.IsInteger(Type);

    /// <summary>True where its value is an address: a pointer or an array.</summary>
    public bool IsAddress => Type.Underlying is PointerType or ArrayType;

    /// <summary>Compiles an expression.</summary>
    /// <param name="text">The expression, at most 1024 characters.</param>
    /// <param name="scope">What names mean.</param>
    /// <param name="variables">Which variables it may use.</param>
    /// <exception cref="ProfileException">It does not follow the language, or a name is unknown; with the
    /// column.</exception>
    public static ProfileExpression Compile(
        string text, ProfileScope scope, ProfileVariables variables = ProfileVariables.None) =>
        new(text, ProfileParser.ParseExpression(text, scope, variables));

    /// <summary>Compiles an expression for something in memory, of any type: a variable, a member, an element.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="scope">What names mean.</param>
    /// <exception cref="ProfileException">As <see cref="Compile"/>; also where its value is not in memory.</exception>
    public static ProfileExpression CompilePlace(string text, ProfileScope scope) =>
        new(text, ProfileParser.ParsePlace(text, scope));

    /// <summary>Evaluates the expression.</summary>
    /// <param name="reader">The guest.</param>
    /// <param name="arguments">The variables.</param>
    /// <param name="value">The value.</param>
    /// <param name="fault">Where it has none: why, and the address that could not be read.</param>
    /// <returns>False where it has no value.</returns>
    public bool TryEvaluate(
        IGuestReader reader, in ProfileArguments arguments, out ProfileValue value, out ProfileFault fault)
    {
        var evaluation = new ProfileEvaluation(reader, arguments);
        bool known = _root.TryEvaluate(ref evaluation, out long number);
        value = new ProfileValue(known ? number : 0, Type);
        fault = evaluation.Fault;
        return known;
    }

    /// <summary>Evaluates where the value stands, of an expression made by <see cref="CompilePlace"/>.</summary>
    /// <returns>False where that depends on memory that could not be read.</returns>
    public bool TryEvaluateAddress(IGuestReader reader, in ProfileArguments arguments, out uint address)
    {
        var evaluation = new ProfileEvaluation(reader, arguments);
        return _root is ProfilePlace place
            ? place.TryAddress(ref evaluation, out address)
            : throw new InvalidOperationException($"'{Text}' was not compiled as a place.");
    }

    /// <summary>Evaluates an expression whose value is text.</summary>
    /// <param name="reader">The guest.</param>
    /// <param name="arguments">The variables.</param>
    /// <param name="destination">Receives the bytes before the NUL; its length is the most that is read. What is not
    /// printable ASCII becomes '?'.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="fault">Where it has no value: why.</param>
    /// <returns>False where it has no value; the null pointer is the empty text.</returns>
    public bool TryEvaluateText(
        IGuestReader reader,
        in ProfileArguments arguments,
        Span<byte> destination,
        out int length,
        out ProfileFault fault)
    {
        if (!IsText)
        {
            throw new InvalidOperationException($"'{Text}' is no text: the caller checks that when it compiles it.");
        }

        var evaluation = new ProfileEvaluation(reader, arguments);
        bool known = ProfileText.TryRead(ref evaluation, _root, destination, out length);
        MakePrintable(destination[..length]);
        fault = evaluation.Fault;
        return known;
    }

    private static void MakePrintable(Span<byte> text)
    {
        foreach (ref byte character in text)
        {
            character = character is >= 0x20 and < 0x7F ? character : (byte)'?';
        }
    }
}
