using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>What the language has beyond reading a path: sizes, texts, alternatives by name.</summary>
public sealed class ExpressionNamesTests
{
    private const string Program = """
        typedef struct thread { char name[8]; char *title; unsigned char table[3][5]; struct thread *next; short id; } THREAD;
        THREAD one = { "exactly8", "IDLE", { { 1 } }, 0, 7 };
        THREAD two = { "idle", 0, { { 2 } }, &one, 9 };
        short counts[12] = { 3, 5 };
        enum state { READY = 4 };
        enum state state = READY;
        void _start(void) { for (;;) { } }
        """;

    [SkippableTheory]
    [InlineData("sizeof(THREAD)", "sizeof(THREAD)")]
    [InlineData("sizeof one.table / sizeof one.table[0]", "sizeof one.table / sizeof one.table[0]")]
    [InlineData("sizeof counts / sizeof *counts - 1", "sizeof counts / sizeof *counts - 1")]
    [InlineData("sizeof(struct thread *) + sizeof(short) * 2", "sizeof(struct thread *) + sizeof(short) * 2")]
    [InlineData("-1 < sizeof counts", "-1 < sizeof counts")]
    [InlineData("sizeof one.title[0]", "sizeof one.title[0]")]
    [InlineData("sizeof(u32[3])", "12")]
    public void Sizes_are_those_of_the_compiler(string text, string source)
    {
        var image = ArmCompiler.Image("-g", Program + $"\nconst unsigned answer = {source};\n");
        var guest = new StillGuest(image);
        var word = new byte[4];
        Assert.True(guest.TryRead(guest.AddressOf("answer"), word));
        Assert.Equal(BitConverter.ToUInt32(word), Value(image, text));
    }

    [SkippableTheory]
    [InlineData("""two.name == "idle" """, 1)]
    [InlineData("""two.name == "idl" """, 0)]
    [InlineData("""two.name == "idle2" """, 0)]
    [InlineData("""two.name != "idle" """, 0)]
    [InlineData("""one.name == "exactly8" """, 1)]
    [InlineData("""one.name == "exactly88" """, 0)]
    [InlineData("""one.name == "exactly" """, 0)]
    [InlineData(""" "IDLE" == one.title""", 1)]
    [InlineData("""one.title == "idle" """, 0)]
    [InlineData("""two.title == "" """, 1)]
    [InlineData("""two.next->title == "IDLE" ? 5 : 6""", 5)]
    public void Texts_are_compared_to_their_end(string text, long expected) =>
        Assert.Equal(expected, Value(ArmCompiler.Image("-g", Program), text));

    [SkippableTheory]
    [InlineData("one.id ?? two.id", 7)]
    [InlineData("three.id ?? two.id", 9)]
    [InlineData("one.ident ?? one.number ?? one.id", 7)]
    [InlineData("(one.ident ?? one.id) + 1", 8)]
    [InlineData("1 + (three.id ?? (one.x ?? two.id))", 10)]
    [InlineData("counts[nothing ?? 1]", 5)]
    [InlineData("RUNNING ?? READY", 4)]
    [InlineData("READY ?? RUNNING", 4)]
    [InlineData("one.id == 7 ? nothing ?? 1 : 2", 1)]
    [InlineData("nothing ? 1 : 2 ?? 3", 3)]
    [InlineData("((struct tread *)0)->id ?? ((struct thread *)&two)->id", 9)]
    [InlineData("(TREAD *)0 == 0 ?? 5", 5)]
    public void The_first_side_whose_names_exist_counts(string text, long expected) =>
        Assert.Equal(expected, Value(ArmCompiler.Image("-g", Program), text));

    [SkippableTheory]
    [InlineData("nothing ?? nil", 1, "unknown symbol 'nothing'")]
    [InlineData("one.id ?? 1 +", 14, "missing at the end")]
    [InlineData("nothing ?? (one.id", 19, "')' is missing")]
    [InlineData("nothing ?? one", 1, "cannot be used here")]
    [InlineData("sizeof _start", 8, "the size of 'function' is not known")]
    [InlineData("\"IDLE\"", 1, "a text can only be compared")]
    [InlineData("one.name + \"x\"", 10, "a text can only be compared")]
    [InlineData("one.id == \"x\"", 8, "'short int' is no text")]
    [InlineData("\"x\" == \"x\"", 5, "is no text")]
    [InlineData("one.name == \"x", 13, "no closing")]
    [InlineData("item->id", 1, "has no meaning here")]
    public void A_mistake_is_named_with_its_column(string text, int column, string problem)
    {
        var image = ArmCompiler.Image("-g", Program);
        var exception = Assert.Throws<ProfileException>(
            () => ProfileExpression.Compile(text, new ProfileScope(image.Types, image.Symbols)));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Equal(column, exception.Column);
    }

    [SkippableFact]
    public void Only_the_side_that_counts_is_among_the_names_used()
    {
        var image = ArmCompiler.Image("-g", Program);
        var scope = new ProfileScope(image.Types, image.Symbols);
        ProfileExpression.Compile("two.id + one.ident ?? counts[0] + (one.id ?? two.name[0])", scope);
        Assert.Equal("counts, one, struct thread.id", string.Join(", ", scope.Uses.Select(u => u.Name)));
    }

    private static long Value(ElfImage image, string text)
    {
        var expression = ProfileExpression.Compile(text, new ProfileScope(image.Types, image.Symbols));
        Assert.True(expression.TryEvaluate(new StillGuest(image), default, out var value, out _));
        return value.Number;
    }
}
