using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>Precedence and integer conversions against the C compiler: it computes the same texts as constants.</summary>
public sealed class ExpressionArithmeticTests
{
    private const string Types = """
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned u32; typedef unsigned long long u64;
        typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
        void _start(void) { for (;;) { } }

        """;

    private static readonly string[] Literals =
        ["0", "1", "2", "3", "7", "8", "63", "100", "255", "65536", "2147483647", "2147483648", "0x80000000",
         "0xFFFFFFFF", "0xffu", "5u", "4294967296", "0x123456789abcdef0", "0xFFFFFFFFFFFFFFFF", "1ul"];

    private static readonly string[] Operators =
        ["+", "-", "*", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-"];

    private static readonly string[] CastTypes = ["u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64"];

    [SkippableTheory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Random_expressions_have_the_value_that_the_compiler_computes(int seed)
    {
        var random = new Random(seed);
        var texts = new List<string>();
        while (texts.Count < 400)
        {
            string text = Random(random, 4);
            if (text.Length < 900)
            {
                texts.Add(text);
            }
        }

        Compare(texts);
    }

    [SkippableFact]
    public void Chosen_expressions_have_the_value_that_the_compiler_computes() => Compare(
    [
        "1 + 2 * 3", "1 | 2 & 3 ^ 5", "1 << 2 + 1", "-7 / 2", "-7 % 2", "7 / -2", "-7 >> 1", "-1 > 0u", "-1 < 1",
        "~0", "~0u", "!5 == 0", "1 ? 2 : 0 ? 3 : 4", "(u8)300 + (s8)200", "0xFFFFFFFF + 1", "0xFFFFFFFF + 1ull",
        "(u16)-1 << 16", "2147483647 + 1", "-2147483648", "1 == 1 == 1", "3 > 2 > 1", "- - 5", "+(u8)-1", "~(u8)0",
        "(s64)-1 < 0u", "(u64)-1 > 1", "5 & 4 ? 0 : 1", "10 - 3 - 2", "100 / 7 / 2", "100 / 7 * 2", "0x80000000 >> 31",
        "(s32)0x80000000 >> 31", "(unsigned char)511", "(long long)-1", "(unsigned long)-1", "(signed char)255",
    ]);

    private static void Compare(List<string> texts)
    {
        var source = new StringBuilder(Types);
        for (int i = 0; i < texts.Count; i++)
        {
            source.Append(CultureInfo.InvariantCulture, $"const long long r{i} = {texts[i]};\n");
        }

        var image = ArmCompiler.Image("-g0 -w", source.ToString());
        var guest = new StillGuest(image);
        var scope = new ProfileScope(TypeGraph.Empty, new SymbolTable([], []));
        var bytes = new byte[8];
        for (int i = 0; i < texts.Count; i++)
        {
            Assert.True(image.TryRead(new GuestVa(guest.AddressOf($"r{i}")), bytes));
            var expression = ProfileExpression.Compile(texts[i], scope);
            Assert.True(expression.TryEvaluate(guest, default, out var value, out _), texts[i]);
            Assert.Equal(
                (texts[i], BinaryPrimitives.ReadInt64LittleEndian(bytes)),
                (texts[i], value.Number));
        }
    }

    /// <summary>An expression without undefined behaviour but signed overflow, which this compiler wraps.</summary>
    private static string Random(Random random, int depth)
    {
        if (depth == 0 || random.Next(8) == 0)
        {
            return Literals[random.Next(Literals.Length)];
        }

        string a = Random(random, depth - 1);
        string b = Random(random, depth - 1);
        return random.Next(12) switch
        {
            0 => $"~({a})",
            1 => $"!({a})",
            2 => $"- ({a})",
            3 => $"({CastTypes[random.Next(CastTypes.Length)]})({a})",
            4 => $"({a} ? {b} : {Random(random, depth - 1)})",
            5 => $"({a}) / (({b}) | 1u)",
            6 => $"({a}) % (({b}) & 7 | 8)",
            7 => $"(({a}) << (({b}) & 15))",
            8 => $"(({a}) >> (({b}) & 15))",

            // Without parentheses: precedence decides.
            _ => $"{a} {Operators[random.Next(Operators.Length)]} {b}",
        };
    }
}
