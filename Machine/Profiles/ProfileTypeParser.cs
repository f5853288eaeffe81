using System.Diagnostics.CodeAnalysis;
using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Tokens with a position, and C's type names: the part of the parser that casts and declarations share.</summary>
/// <param name="text">What is parsed.</param>
/// <param name="scope">What names mean.</param>
internal class ProfileTypeParser(string text, ProfileScope scope)
{
    private const uint MaxElements = 1 << 20;
    private static readonly string[] Qualifiers = ["const", "volatile"];
    private static readonly string[] Words = ["signed", "unsigned", "char", "short", "int", "long"];

    protected ProfileScope Scope { get; } = scope;

    protected IReadOnlyList<ProfileToken> Tokens { get; } = ProfileLexer.Cut(text);

    protected int Position { get; set; }

    protected ProfileToken Token => Tokens[Position];

    protected ProfileToken Advance()
    {
        var token = Token;
        Position += token.Kind == ProfileTokenKind.End ? 0 : 1;
        return token;
    }

    protected bool Accept(string punctuator)
    {
        bool there = Token.Is(punctuator);
        Position += there ? 1 : 0;
        return there;
    }

    protected void Expect(string punctuator)
    {
        if (!Accept(punctuator))
        {
            throw Unexpected($"'{punctuator}'");
        }
    }

    protected ProfileException Unexpected(string wanted) => new(
        Token.Kind == ProfileTokenKind.End
            ? $"{wanted} is missing at the end"
            : $"{wanted} expected, not '{Token.Text}'",
        Token.Column);

    protected void ExpectEnd()
    {
        if (Token.Kind != ProfileTokenKind.End)
        {
            throw Unexpected("the end");
        }
    }

    /// <summary>True where a type name begins at the token after the present one, an opening parenthesis.</summary>
    protected bool TypeFollows(ProfileVariables variables)
    {
        var next = Tokens[Math.Min(Position + 1, Tokens.Count - 1)];
        return next.Kind == ProfileTokenKind.Name
            && !IsVariable(next.Text, variables)
            && (next.Text is "struct" or "union" or "enum"
                || Array.IndexOf(Qualifiers, next.Text) >= 0
                || Array.IndexOf(Words, next.Text) >= 0
                || (Scope.TryFindType(next.Text, out _) && Scope.FindSymbol(next.Text) is null));
    }

    protected static bool IsVariable(string name, ProfileVariables variables) =>
        VariableOf(name) is var variable and not ProfileVariables.None && variables.HasFlag(variable);

    protected static ProfileVariables VariableOf(string name) => name switch
    {
        "task" => ProfileVariables.Task,
        "priority" => ProfileVariables.Priority,
        "list" => ProfileVariables.List,
        "item" => ProfileVariables.Item,
        _ => ProfileVariables.None,
    };

    /// <summary>A type without array dimensions: <c>struct os_tcb *</c>.</summary>
    protected DataType TypeName()
    {
        SkipQualifiers();
        var type = Specifier();
        SkipQualifiers();
        while (Accept("*"))
        {
            type = new PointerType(type);
            SkipQualifiers();
        }

        return type;
    }

    /// <summary>A type with array dimensions behind it: <c>char[16]</c>.</summary>
    protected DataType Declaration()
    {
        var type = TypeName();
        var dimensions = new Stack<uint>();
        while (Accept("["))
        {
            var count = Advance();
            if (count.Kind != ProfileTokenKind.Number || count.Number > MaxElements)
            {
                throw new ProfileException($"a number of elements up to {MaxElements} expected", count.Column);
            }

            dimensions.Push((uint)count.Number);
            Expect("]");
        }

        return dimensions.Aggregate(type, (element, count) => new ArrayType(element, count));
    }

    private void SkipQualifiers()
    {
        while (Token.Kind == ProfileTokenKind.Name && Array.IndexOf(Qualifiers, Token.Text) >= 0)
        {
            Advance();
        }
    }

    private DataType Specifier()
    {
        if (Token.Kind != ProfileTokenKind.Name)
        {
            throw Unexpected("a type");
        }

        if (Token.Text is "struct" or "union" or "enum")
        {
            return Tagged(Advance().Text);
        }

        if (Array.IndexOf(Words, Token.Text) >= 0)
        {
            return Standard();
        }

        var name = Advance();
        return Scope.TryFindType(name.Text, out var type)
            ? Used(type)
            : throw new ProfileException($"unknown type '{name.Text}'", name.Column)
            {
                MissingName = name.Text,
                Candidates = Scope.TypedefNames,
            };
    }

    private DataType Tagged(string keyword)
    {
        var tag = Advance();
        if (tag.Kind != ProfileTokenKind.Name)
        {
            throw new ProfileException($"the tag after '{keyword}' is missing", tag.Column);
        }

        DataType? type = null;
        bool found = keyword switch
        {
            "struct" => Assign(Scope.TryFindStruct(tag.Text, out var s), s, out type),
            "union" => Assign(Scope.TryFindUnion(tag.Text, out var u), u, out type),
            _ => Assign(Scope.TryFindEnum(tag.Text, out var e), e, out type),
        };
        return found && type is not null
            ? Used(type)
            : throw new ProfileException(
                $"unknown type '{keyword} {tag.Text}': the image's debug information does not have it "
                + "(build it with -g, or give its layout under structs)",
                tag.Column)
            {
                MissingName = tag.Text,
                Candidates = keyword is "struct" ? Scope.StructTags : [],
            };
    }

    private DataType Used(DataType type)
    {
        if (type is not (BaseType or VoidType))
        {
            Scope.Use(new ProfileUse(ProfileUseKind.Type, $"{type}", 0, type.Size, $"{type.Underlying}"));
        }

        return type;
    }

    private static bool Assign(bool found, DataType? type, [NotNullWhen(true)] out DataType? result)
    {
        result = type;
        return found && type is not null;
    }

    /// <summary>Any order of C's own words: <c>unsigned char</c>, <c>long long</c>.</summary>
    private DataType Standard()
    {
        var counts = new int[Words.Length];
        while (Token.Kind == ProfileTokenKind.Name && Array.IndexOf(Words, Token.Text) is >= 0 and int word)
        {
            counts[word]++;
            Advance();
        }

        bool signed = counts[0] > 0;
        bool unsigned = counts[1] > 0;
        if (counts[2] > 0)
        {
            return ProfileIntegers.BuiltIn[signed ? "s8" : unsigned ? "u8" : "char"];
        }

        string size = counts[3] > 0 ? "16" : counts[5] > 1 ? "64" : "32";
        return ProfileIntegers.BuiltIn[(unsigned ? "u" : "s") + size];
    }
}
