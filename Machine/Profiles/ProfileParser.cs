using System.Text;
using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Compiles an expression: precedence climbing over C's operators (C11, 6.5), types checked on the way.</summary>
internal sealed class ProfileParser : ProfileTypeParser
{
    private const int MaxDepth = 64;
    private const int MaxMembersNamed = 24;

    private readonly ProfileVariables _variables;
    private int _depth;

    private ProfileParser(string text, ProfileScope scope, ProfileVariables variables)
        : base(text, scope) => _variables = variables;

    internal static ProfileNode ParseExpression(string text, ProfileScope scope, ProfileVariables variables)
    {
        var parser = new ProfileParser(text, scope, variables);
        var node = parser.Alternatives();
        parser.ExpectEnd();
        if (node is not ProfilePlace { Type.Underlying: ArrayType })
        {
            ProfileOperations.Value(node, 1);
        }

        return node;
    }

    internal static ProfilePlace ParsePlace(string text, ProfileScope scope)
    {
        var parser = new ProfileParser(text, scope, ProfileVariables.None);
        var node = parser.Alternatives();
        parser.ExpectEnd();
        return node as ProfilePlace ?? throw new ProfileException("something in memory is needed here", 1);
    }

    internal static DataType ParseType(string text, ProfileScope scope)
    {
        var parser = new ProfileParser(text, scope, ProfileVariables.None);
        var type = parser.Declaration();
        parser.ExpectEnd();
        return type;
    }

    /// <summary>The first alternative that the image can resolve. The others need not be resolvable, but they must be
    /// expressions.</summary>
    private ProfileNode Alternatives()
    {
        ProfileNode? chosen = null;
        ProfileException? missing = null;
        do
        {
            int start = Position;
            int depth = _depth;
            int uses = Scope.Uses.Count;
            try
            {
                var node = Conditional();
                uses = chosen is null ? Scope.Uses.Count : uses;
                chosen ??= node;
            }
            catch (ProfileException exception) when (exception.MissingName is not null)
            {
                missing ??= exception;
                (_depth, Position) = (depth, ProfileAlternatives.End(Tokens, start));
            }

            Scope.ForgetUses(uses);
        }
        while (Accept("??"));

        return chosen ?? throw missing ?? Unexpected("an expression");
    }

    private ProfileNode Conditional()
    {
        Enter();
        var condition = Binary(0);
        var question = Token;
        if (Accept("?"))
        {
            var yes = Alternatives();
            Expect(":");
            condition = ProfileOperations.Conditional(condition, yes, Conditional(), question.Column);
        }

        _depth--;
        return condition;
    }

    private ProfileNode Binary(int minimum)
    {
        var left = Unary();
        while (Token.Kind == ProfileTokenKind.Punctuator
            && ProfileOperations.Precedence(Token.Text) is > 0 and int precedence
            && precedence > minimum)
        {
            var operation = Advance();
            left = ProfileOperations.Binary(operation.Text, left, Binary(precedence), operation.Column);
        }

        return left;
    }

    private ProfileNode Unary()
    {
        Enter();
        var node = UnaryOrPostfix();
        _depth--;
        return node;
    }

    private ProfileNode UnaryOrPostfix()
    {
        var token = Token;
        if (token.Is("(") && TypeFollows(_variables))
        {
            Advance();
            var type = TypeName();
            Expect(")");
            return ProfileOperations.Cast(type, Unary(), token.Column);
        }

        if (token is { Kind: ProfileTokenKind.Name, Text: "sizeof" })
        {
            return SizeOf();
        }

        if (token.Is("!") || token.Is("~") || token.Is("-"))
        {
            Advance();
            return ProfileOperations.Unary(token.Text[0], Unary(), token.Column);
        }

        if (token.Is("+"))
        {
            Advance();
            return ProfileOperations.Value(Unary(), token.Column);
        }

        if (token.Is("*"))
        {
            Advance();
            return ProfileOperations.Target(Unary(), token.Column);
        }

        if (token.Is("&"))
        {
            Advance();
            return Unary() is ProfilePlace place
                ? new ProfileAddressNode(new PointerType(place.Type), place)
                : throw new ProfileException("only something in memory has an address", token.Column);
        }

        return Postfix();
    }

    private ProfileNumberNode SizeOf()
    {
        Advance();
        var operand = Token;
        if (operand.Is("(") && TypeFollows(_variables))
        {
            Advance();
            var type = Declaration();
            Expect(")");
            return ProfileOperations.SizeOf(type, operand.Column);
        }

        return ProfileOperations.SizeOf(Unary().Type, operand.Column);
    }

    private ProfileNode Postfix()
    {
        var node = Primary();
        while (true)
        {
            var token = Token;
            if (Accept("["))
            {
                var index = Alternatives();
                Expect("]");
                node = ProfileOperations.Target(
                    ProfileOperations.Binary("+", node, index, token.Column), token.Column);
            }
            else if (Accept("->"))
            {
                node = Member(ProfileOperations.Target(node, token.Column));
            }
            else if (Accept("."))
            {
                node = node is ProfilePlace place
                    ? Member(place)
                    : throw new ProfileException("'.' needs a struct to its left", token.Column);
            }
            else
            {
                return node;
            }
        }
    }

    private ProfileMemberNode Member(ProfilePlace place)
    {
        var name = Advance();
        if (name.Kind != ProfileTokenKind.Name)
        {
            throw new ProfileException("the name of a member is missing", name.Column);
        }

        if (place.Type.Underlying is not AggregateType type)
        {
            throw new ProfileException($"'{place.Type}' is no struct: it has no member '{name.Text}'", name.Column);
        }

        if (!type.TryFindMember(name.Text, out var member))
        {
            var names = type.NamedMembers().Take(MaxMembersNamed + 1).Select(m => m.Name).ToList();
            string list = names.Count == 0 ? "it is only declared"
                : "it has: " + string.Join(", ", names.Take(MaxMembersNamed))
                    + (names.Count > MaxMembersNamed ? ", ..." : "");
            throw new ProfileException($"{type} has no member '{name.Text}'; {list}", name.Column)
            {
                MissingName = name.Text,
                Candidates = type.NamedMembers().Select(m => m.Name ?? ""),
            };
        }

        if (member.IsBitField)
        {
            throw new ProfileException($"'{name.Text}' is a bit-field: read its word and mask it", name.Column);
        }

        Scope.Use(new ProfileUse(
            ProfileUseKind.Field, $"{type}.{name.Text}", member.Offset, member.Type.Size, $"{member.Type}"));
        return new ProfileMemberNode(member.Type, place, member.Offset);
    }

    private ProfileNode Primary()
    {
        var token = Advance();
        if (token.Is("("))
        {
            var node = Alternatives();
            Expect(")");
            return node;
        }

        return token.Kind switch
        {
            ProfileTokenKind.Number => Number(token),
            ProfileTokenKind.Name => Name(token),
            ProfileTokenKind.Text => Text(token),
            _ => throw new ProfileException(
                token.Kind == ProfileTokenKind.End ? "an operand is missing at the end"
                    : $"an operand expected, not '{token.Text}'",
                token.Column),
        };
    }

    /// <summary>The first type that holds it; a decimal number without u becomes no unsigned one (C11, 6.4.4.1).</summary>
    private static ProfileNumberNode Number(ProfileToken token)
    {
        bool mayBeUnsigned = token.Unsigned || token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var type = token.Number switch
        {
            <= int.MaxValue when !token.Unsigned && !token.Wide => ProfileIntegers.Int,
            <= uint.MaxValue when mayBeUnsigned && !token.Wide => ProfileIntegers.UnsignedInt,
            <= long.MaxValue when !token.Unsigned => ProfileIntegers.LongLong,
            _ => ProfileIntegers.UnsignedLongLong,
        };
        return new ProfileNumberNode(type, unchecked((long)token.Number));
    }

    private ProfileNode Name(ProfileToken token)
    {
        if (IsVariable(token.Text, _variables))
        {
            var variable = VariableOf(token.Text);
            return new ProfileVariableNode(Scope.TypeOf(variable), variable);
        }

        if (Register(token.Text) is { } register)
        {
            return new ProfileRegisterNode(register);
        }

        if (Scope.FindSymbol(token.Text) is { } symbol)
        {
            Scope.Use(token.Text, symbol);
            return symbol;
        }

        throw VariableOf(token.Text) != ProfileVariables.None
            ? new ProfileException($"the variable '{token.Text}' has no meaning here", token.Column)
            : new ProfileException($"unknown symbol '{token.Text}'", token.Column)
            {
                MissingName = token.Text,
                Candidates = Scope.SymbolNames,
            };
    }

    private static ProfileTextNode Text(ProfileToken token)
    {
        string text = token.Text[1..^1];
        return text.Length <= ProfileTextNode.MaxLength && text.All(char.IsAscii)
            ? new ProfileTextNode(Encoding.ASCII.GetBytes(text))
            : throw new ProfileException(
                $"a text has at most {ProfileTextNode.MaxLength} characters, all ASCII", token.Column);
    }

    private static ProfileRegister? Register(string name) => name switch
    {
        "sp" => ProfileRegister.R13,
        "lr" => ProfileRegister.R14,
        "pc" => ProfileRegister.R15,
        _ when Array.IndexOf(RegisterNames, name) is >= 0 and int index => (ProfileRegister)index,
        _ => null,
    };

    private static readonly string[] RegisterNames =
        [.. Enum.GetValues<ProfileRegister>().Select(r => r.ToString().ToLowerInvariant())];

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new ProfileException($"the expression is nested deeper than {MaxDepth}", Token.Column);
        }
    }
}
