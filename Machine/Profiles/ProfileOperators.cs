using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary><c>!</c>, <c>~</c> or <c>-</c>.</summary>
internal sealed class ProfileUnaryNode(DataType type, char operation, ProfileNode operand) : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        bool known = operand.TryEvaluate(ref evaluation, out long raw);
        value = ProfileIntegers.Convert(
            operation switch
            {
                '!' => raw == 0 ? 1 : 0,
                '~' => ~raw,
                _ => unchecked(-raw),
            },
            Type);
        return known;
    }
}

/// <summary>An operator between two numbers that are computed in one type.</summary>
/// <param name="type">Type of the result.</param>
/// <param name="common">Type in which it is computed.</param>
/// <param name="operation">The operator.</param>
/// <param name="left">Left operand.</param>
/// <param name="right">Right operand.</param>
internal sealed class ProfileBinaryNode(
    DataType type, BaseType common, string operation, ProfileNode left, ProfileNode right) : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = 0;
        if (!left.TryEvaluate(ref evaluation, out long a) || !right.TryEvaluate(ref evaluation, out long b))
        {
            return false;
        }

        if (operation is "<<" or ">>")
        {
            value = ProfileIntegers.Convert(Shift(ProfileIntegers.Convert(a, common), b), Type);
            return true;
        }

        a = ProfileIntegers.Convert(a, common);
        b = ProfileIntegers.Convert(b, common);
        if (b == 0 && operation is "/" or "%")
        {
            return evaluation.DivisionByZero();
        }

        value = ProfileIntegers.Convert(Compute(a, b), Type);
        return true;
    }

    private long Compute(long a, long b) => operation switch
    {
        "+" => unchecked(a + b),
        "-" => unchecked(a - b),
        "*" => unchecked(a * b),
        "/" => Divide(a, b),
        "%" => Remainder(a, b),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "==" => a == b ? 1 : 0,
        "!=" => a != b ? 1 : 0,
        "<" => Less(a, b) ? 1 : 0,
        ">" => Less(b, a) ? 1 : 0,
        "<=" => Less(b, a) ? 0 : 1,
        ">=" => Less(a, b) ? 0 : 1,
        _ => throw new InvalidOperationException($"The parser made an operator '{operation}'."),
    };

    private bool Less(long a, long b) => common.IsSigned ? a < b : (ulong)a < (ulong)b;

    // The smallest number by -1 is undefined in C and traps in .NET: it gives what ARM's SDIV gives, itself.
    private long Divide(long a, long b) =>
        !common.IsSigned ? (long)((ulong)a / (ulong)b) : b == -1 ? unchecked(-a) : a / b;

    private long Remainder(long a, long b) =>
        !common.IsSigned ? (long)((ulong)a % (ulong)b) : b == -1 ? 0 : a % b;

    /// <summary>Shifts out everything where C leaves it undefined.</summary>
    private long Shift(long a, long count)
    {
        bool tooFar = count < 0 || count >= common.Size * 8;
        if (string.Equals(operation, "<<", StringComparison.Ordinal))
        {
            return tooFar ? 0 : a << (int)count;
        }

        if (common.IsSigned)
        {
            return a >> (tooFar ? 63 : (int)count);
        }

        return tooFar ? 0 : (long)((ulong)a >> (int)count);
    }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>: the right side is evaluated only where it decides.</summary>
internal sealed class ProfileLogicalNode(bool isAnd, ProfileNode left, ProfileNode right)
    : ProfileNode(ProfileIntegers.Int)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = 0;
        if (!left.TryEvaluate(ref evaluation, out long a))
        {
            return false;
        }

        if ((a != 0) != isAnd)
        {
            value = a != 0 ? 1 : 0;
            return true;
        }

        bool known = right.TryEvaluate(ref evaluation, out long b);
        value = b != 0 ? 1 : 0;
        return known;
    }
}

/// <summary><c>? :</c>.</summary>
internal sealed class ProfileConditionalNode(DataType type, ProfileNode condition, ProfileNode yes, ProfileNode no)
    : ProfileNode(type)
{
    internal override bool TryEvaluate(ref ProfileEvaluation evaluation, out long value)
    {
        value = 0;
        if (!condition.TryEvaluate(ref evaluation, out long decision))
        {
            return false;
        }

        bool known = (decision != 0 ? yes : no).TryEvaluate(ref evaluation, out long chosen);
        value = ProfileIntegers.Convert(chosen, Type);
        return known;
    }
}
