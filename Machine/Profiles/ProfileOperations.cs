using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Makes nodes for operators: C's type rules (C11, 6.5).</summary>
internal static class ProfileOperations
{
    /// <summary>C's precedence of a binary operator, 1 the loosest; 0 for anything else.</summary>
    internal static int Precedence(string operation) => operation switch
    {
        "||" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" or "!=" => 6,
        "<" or ">" or "<=" or ">=" => 7,
        "<<" or ">>" => 8,
        "+" or "-" => 9,
        "*" or "/" or "%" => 10,
        _ => 0,
    };

    /// <summary>The operand as a value: arrays become pointers to their first element, functions pointers.</summary>
    internal static ProfileNode Value(ProfileNode node, int column)
    {
        if (node is ProfilePlace place && place.Type.Underlying is ArrayType or FunctionType)
        {
            var target = place.Type.Underlying is ArrayType array ? array.Element : place.Type;
            return new ProfileAddressNode(new PointerType(target), place);
        }

        if (ProfileIntegers.IsScalar(node.Type))
        {
            return node;
        }

        if (node is ProfileTextNode)
        {
            throw new ProfileException("a text can only be compared: name == \"text\"", column);
        }

        throw node is ProfileSymbolNode && node.Type is VoidType
            ? new ProfileException(
                "the type of this symbol is not known (build the image with -g, or give it under variables)", column)
            : new ProfileException($"a value of type '{node.Type}' cannot be used here", column);
    }

    internal static ProfilePlace Target(ProfileNode node, int column)
    {
        var pointer = Value(node, column);
        if (pointer.Type.Underlying is not PointerType type)
        {
            throw new ProfileException($"a pointer is needed here, not '{pointer.Type}'", column);
        }

        return type.Target.Underlying is VoidType
            ? throw new ProfileException("'void *' points to nothing that can be read: cast it first", column)
            : new ProfileTargetNode(type.Target, pointer);
    }

    internal static ProfileNode Cast(DataType type, ProfileNode operand, int column)
    {
        if (!ProfileIntegers.IsScalar(type) || type.Underlying is ArrayType or FunctionType)
        {
            throw new ProfileException($"nothing can be cast to '{type}': cast to a number or a pointer", column);
        }

        return new ProfileCastNode(type, Value(operand, column));
    }

    internal static ProfileNode Unary(char operation, ProfileNode operand, int column)
    {
        var value = Value(operand, column);
        if (operation == '!')
        {
            return new ProfileUnaryNode(ProfileIntegers.Int, operation, value);
        }

        RequireInteger(value, column);
        return new ProfileUnaryNode(ProfileIntegers.Promote(value.Type), operation, value);
    }

    internal static ProfileNode Conditional(ProfileNode condition, ProfileNode yes, ProfileNode no, int column)
    {
        condition = Value(condition, column);
        yes = Value(yes, column);
        no = Value(no, column);
        var type = yes.Type.Underlying is PointerType ? yes.Type
            : no.Type.Underlying is PointerType ? no.Type
            : ProfileIntegers.Common(yes.Type, no.Type);
        return new ProfileConditionalNode(type, condition, yes, no);
    }

    internal static ProfileNode Binary(string operation, ProfileNode left, ProfileNode right, int column)
    {
        if (operation is "==" or "!=" && (left is ProfileTextNode || right is ProfileTextNode))
        {
            return TextComparison(operation is "==", left, right, column);
        }

        left = Value(left, column);
        right = Value(right, column);
        switch (operation)
        {
            case "&&" or "||":
                return new ProfileLogicalNode(operation is "&&", left, right);
            case "==" or "!=" or "<" or ">" or "<=" or ">=":
                return new ProfileBinaryNode(
                    ProfileIntegers.Int, ProfileIntegers.Common(left.Type, right.Type), operation, left, right);
            case "+" or "-" when left.Type.Underlying is PointerType || right.Type.Underlying is PointerType:
                return PointerArithmetic(operation, left, right, column);
            case "<<" or ">>":
                RequireInteger(left, column);
                RequireInteger(right, column);
                var shifted = ProfileIntegers.Promote(left.Type);
                return new ProfileBinaryNode(shifted, shifted, operation, left, right);
            default:
                RequireInteger(left, column);
                RequireInteger(right, column);
                var common = ProfileIntegers.Common(left.Type, right.Type);
                return new ProfileBinaryNode(common, common, operation, left, right);
        }
    }

    /// <summary><c>sizeof</c>: a number that the image settles.</summary>
    internal static ProfileNumberNode SizeOf(DataType type, int column) => type.Size > 0
        ? new ProfileNumberNode(ProfileIntegers.UnsignedInt, type.Size)
        : throw new ProfileException($"the size of '{type}' is not known", column);

    private static ProfileTextComparisonNode TextComparison(
        bool equal, ProfileNode left, ProfileNode right, int column)
    {
        var (name, text) = right is ProfileTextNode literal ? (left, literal) : (right, (ProfileTextNode)left);
        return ProfileText.IsText(name.Type)
            ? new ProfileTextComparisonNode(name, text.Bytes, equal)
            : throw new ProfileException(
                $"'{name.Type}' is no text: an array of char or a pointer to char can be compared with one", column);
    }

    /// <summary>Pointers count in elements.</summary>
    private static ProfileBinaryNode PointerArithmetic(
        string operation, ProfileNode left, ProfileNode right, int column)
    {
        if (left.Type.Underlying is PointerType a && right.Type.Underlying is PointerType)
        {
            return operation is "-"
                ? Number("/", Number("-", left, right), Size(a, column))
                : throw new ProfileException("two pointers cannot be added", column);
        }

        if (left.Type.Underlying is not PointerType)
        {
            if (operation is "-")
            {
                throw new ProfileException("a pointer cannot be taken from a number", column);
            }

            (left, right) = (right, left);
        }

        RequireInteger(right, column);
        var offset = Number("*", right, Size((PointerType)left.Type.Underlying, column));
        return new ProfileBinaryNode(left.Type, ProfileIntegers.UnsignedInt, operation, left, offset);
    }

    private static ProfileBinaryNode Number(string operation, ProfileNode left, ProfileNode right) =>
        new(ProfileIntegers.Int, ProfileIntegers.Int, operation, left, right);

    private static ProfileNumberNode Size(PointerType pointer, int column) => pointer.Target.Underlying switch
    {
        VoidType or FunctionType => new ProfileNumberNode(ProfileIntegers.Int, 1),
        var target when target.Size > 0 => new ProfileNumberNode(ProfileIntegers.Int, target.Size),
        _ => throw new ProfileException($"the size of '{pointer.Target}' is not known", column),
    };

    private static void RequireInteger(ProfileNode node, int column)
    {
        if (!ProfileIntegers.IsInteger(node.Type))
        {
            throw new ProfileException($"a number is needed here, not '{node.Type}': cast it to u32", column);
        }
    }
}
