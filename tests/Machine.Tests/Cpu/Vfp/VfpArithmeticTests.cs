using ActorTrace.Machine.Cpu.Vfp;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>The integer arithmetic against .NET's own, which is IEEE 754's to nearest, and against itself on the host's short cut.</summary>
public class VfpArithmeticTests
{
    private const int Runs = 100_000;
    private static readonly Gen<ulong> Doubles = Numbers(11, 52);
    private static readonly Gen<uint> Singles = Numbers(8, 23).Select(x => (uint)x);

    private delegate ulong TwoOperands(ulong a, ulong b, ref uint fpscr);

    private delegate ulong Operation(ulong a, ulong b, ulong c, ref uint fpscr);

    [Fact]
    public void Doubles_to_nearest_are_those_of_dotnet() => Gen.Select(Doubles, Doubles, Doubles).Sample(
        (a, b, c) =>
        {
            (double x, double y, double z) = (Double(a), Double(b), Double(c));
            Same(x + y, Result(Arithmetic.Add<Binary64>, a, b));
            Same(x - y, Result(Arithmetic.Subtract<Binary64>, a, b));
            Same(x * y, Result(Arithmetic.Multiply<Binary64>, a, b));
            Same(x / y, Result(Arithmetic.Divide<Binary64>, a, b));
            Same(Math.Sqrt(x), Result((ulong p, ulong _, ref uint f) => Arithmetic.SquareRoot<Binary64>(p, ref f), a, b));
            Same(Math.FusedMultiplyAdd(x, y, z), Result((ulong p, ulong q, ref uint f) => Arithmetic.MultiplyAdd<Binary64>(c, p, q, ref f), a, b));
        },
        iter: Runs);

    [Fact]
    public void Singles_to_nearest_are_those_of_dotnet() => Gen.Select(Singles, Singles, Singles).Sample(
        (a, b, c) =>
        {
            (float x, float y, float z) = (Single(a), Single(b), Single(c));
            Same(x + y, Result(Arithmetic.Add<Binary32>, a, b));
            Same(x - y, Result(Arithmetic.Subtract<Binary32>, a, b));
            Same(x * y, Result(Arithmetic.Multiply<Binary32>, a, b));
            Same(x / y, Result(Arithmetic.Divide<Binary32>, a, b));
            Same(MathF.Sqrt(x), Result((ulong p, ulong _, ref uint f) => Arithmetic.SquareRoot<Binary32>(p, ref f), a, b));
            Same(MathF.FusedMultiplyAdd(x, y, z), Result((ulong p, ulong q, ref uint f) => Arithmetic.MultiplyAdd<Binary32>(c, p, q, ref f), a, b));
        },
        iter: Runs);

    [Fact]
    public void Conversions_are_those_of_dotnet() => Gen.Select(Doubles, Singles, Gen.UInt).Sample(
        (a, b, integer) =>
        {
            uint f = 0;
            Same((float)Double(a), Conversions.Convert<Binary64, Binary32>(a, ref f));
            Same((double)Single(b), Conversions.Convert<Binary32, Binary64>(b, ref f));
            Half half = BitConverter.UInt16BitsToHalf((ushort)integer);
            Same((float)half, Conversions.Convert<Binary16, Binary32>((ushort)integer, ref f));
            if (!float.IsNaN(Single(b)))
            {
                Assert.Equal(BitConverter.HalfToUInt16Bits((Half)Single(b)), Conversions.Convert<Binary32, Binary16>(b, ref f));
            }

            Same((double)(int)integer, Conversions.FromFixed<Binary64>((ulong)(int)integer, 0, false, ref f));
            Same((float)integer, Conversions.FromFixed<Binary32>(integer, 0, true, ref f));
            double scaled = Math.ScaleB(Double(a), 7);
            Assert.Equal((uint)(int)Math.Round(scaled), (uint)Conversions.ToFixed<Binary64>(a, 7, 32, false, false, ref f));
            Assert.Equal((uint)Single(b), (uint)Conversions.ToFixed<Binary32>(b, 0, 32, true, true, ref f));
        },
        iter: Runs);

    [Fact]
    public void Comparisons_are_those_of_dotnet() => Gen.Select(Doubles, Doubles, Gen.Int[0, 4]).Sample(
        (a, b, kind) =>
        {
            b = kind switch { 0 => a, 1 => a ^ (1UL << 63), _ => b };
            (double x, double y) = (Double(a), Double(b));
            uint f = 0;
            uint expected = x == y ? 6u : x < y ? 8 : x > y ? 2 : 3u;
            Assert.Equal(expected << 28, Arithmetic.Compare<Binary64>(a, b, false, ref f));
        },
        iter: Runs);

    [Fact]
    public void An_operation_is_inexact_where_rounding_down_and_up_differ() => Gen.Select(Doubles, Doubles, Doubles).Sample(
        (a, b, c) =>
        {
            foreach (Operation operation in Operations<Binary64>())
            {
                uint down = 2u << Fpscr.RoundingShift;
                uint up = 1u << Fpscr.RoundingShift;
                ulong low = operation(a, b, c, ref down);
                ulong high = operation(a, b, c, ref up);
                bool zero = Arithmetic.Absolute<Binary64>(low | high) == 0;
                Assert.Equal(low != high && !zero, (up & Fpscr.Inexact) != 0);
                Assert.Equal(up & Fpscr.Inexact, down & Fpscr.Inexact);
            }
        },
        iter: Runs);

    [Fact]
    public void The_hosts_short_cut_changes_nothing() => Gen.Select(Doubles, Doubles, Doubles, Gen.Int[0, 7]).Sample(
        (a, b, c, controls) =>
        {
            uint fpscr = (uint)controls << 24;
            AssertSame(Operations<Binary64>(), a, b, c, fpscr);
            AssertSame(Operations<Binary32>(), a >> 32, b >> 32, c >> 32, fpscr);
        },
        iter: Runs);

    private static void AssertSame(Operation[] operations, ulong a, ulong b, ulong c, uint fpscr)
    {
        foreach (Operation operation in operations)
        {
            uint plain = fpscr;
            uint quick = fpscr | Fpscr.Inexact;
            Assert.Equal(operation(a, b, c, ref plain), operation(a, b, c, ref quick));
            Assert.Equal(plain | Fpscr.Inexact, quick);
        }
    }

    private static Operation[] Operations<T>()
        where T : struct, IBinaryFormat =>
    [
        static (ulong a, ulong b, ulong _, ref uint f) => Arithmetic.Add<T>(a, b, ref f),
        static (ulong a, ulong b, ulong _, ref uint f) => Arithmetic.Subtract<T>(a, b, ref f),
        static (ulong a, ulong b, ulong _, ref uint f) => Arithmetic.Multiply<T>(a, b, ref f),
        static (ulong a, ulong b, ulong _, ref uint f) => Arithmetic.Divide<T>(a, b, ref f),
        static (ulong a, ulong _, ulong _, ref uint f) => Arithmetic.SquareRoot<T>(a, ref f),
        static (ulong a, ulong b, ulong c, ref uint f) => Arithmetic.MultiplyAdd<T>(c, a, b, ref f),
    ];

    /// <summary>By integers: IXC is not set before.</summary>
    private static ulong Result(TwoOperands operation, ulong a, ulong b)
    {
        uint fpscr = 0;
        return operation(a, b, ref fpscr);
    }

    private static void Same(double expected, ulong actual)
    {
        if (double.IsNaN(expected))
        {
            Assert.True(double.IsNaN(Double(actual)));
        }
        else
        {
            Assert.Equal(BitConverter.DoubleToUInt64Bits(expected), actual);
        }
    }

    private static void Same(float expected, ulong actual)
    {
        if (float.IsNaN(expected))
        {
            Assert.True(float.IsNaN(Single((uint)actual)));
        }
        else
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected), actual);
        }
    }

    /// <summary>All kinds of numbers, most near one in size, with few or all bits of the fraction.</summary>
    private static Gen<ulong> Numbers(int exponentBits, int fractionBits)
    {
        ulong largest = (1UL << exponentBits) - 1;
        ulong bias = largest >> 1;
        Gen<ulong> exponents = Gen.OneOf(
            Gen.ULong[0, largest], Gen.ULong[0, 3], Gen.ULong[largest - 3, largest], Gen.ULong[bias - 3, bias + 3], Gen.ULong[bias - 60, bias + 60]);
        Gen<ulong> fractions = Gen.OneOf(
            Gen.ULong[0, (1UL << fractionBits) - 1],
            Gen.ULong[0, 7],
            Gen.ULong[0, 7].Select(x => x << (fractionBits - 3)),
            Gen.ULong[0, 7].Select(x => (1UL << fractionBits) - 1 - x));
        return Gen.Select(Gen.ULong[0, 1], exponents, fractions)
            .Select(x => (x.Item1 << (exponentBits + fractionBits)) | (x.Item2 << fractionBits) | x.Item3);
    }

    private static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static float Single(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
