using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

public sealed class ExpressionMemoryTests
{
    private const string Program = """
        typedef unsigned char INT8U;
        enum state { SLEEPING = 4 };
        struct inner { short deep; };
        typedef struct task {
            struct task *next; INT8U prio; signed char nice; unsigned short id; char name[16]; const char *title;
            struct inner inner; struct inner many[3]; long long when; enum state state; unsigned bits : 3;
        } TASK;
        TASK second = { 0, 200, -5, 65535, "a very long name", "pointed", { -2 }, { { 1 }, { 2 }, { 3 } }, -1, SLEEPING, 1 };
        TASK first = { &second, 7, 0, 1, "short\001\377", 0, { 3 }, { { 4 }, { 5 }, { 6 } }, 1, 0, 2 };
        TASK *current = &first;
        TASK *table[4] = { 0, &first, 0, &second };
        int matrix[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
        void *opaque = &second;
        const char at_the_end[] = "end";
        void _start(void) { for (;;) { } }
        """;

    [SkippableTheory]
    [InlineData("current->prio", 7)]
    [InlineData("current->next->prio", 200)]
    [InlineData("current->next->nice", -5)]
    [InlineData("current->next->id", 65535)]
    [InlineData("first.next->inner.deep", -2)]
    [InlineData("first.many[2].deep", 6)]
    [InlineData("(*current).many[1].deep", 5)]
    [InlineData("current->next->many->deep", 1)]
    [InlineData("(current->many + 1)->deep", 5)]
    [InlineData("(2 + current->many)->deep", 6)]
    [InlineData("table[3]->prio", 200)]
    [InlineData("(*(table + 1))->prio", 7)]
    [InlineData("table[0] == 0", 1)]
    [InlineData("table[1] == current", 1)]
    [InlineData("&first == current", 1)]
    [InlineData("&table[3] - &table[1]", 2)]
    [InlineData("matrix[1][2]", 6)]
    [InlineData("*matrix[1]", 4)]
    [InlineData("((struct task *)opaque)->prio", 200)]
    [InlineData("((TASK *)opaque)->when", -1)]
    [InlineData("((TASK *)r3)->prio", 7)]
    [InlineData("*(u8 *)&current->next->nice", 251)]
    [InlineData("(u8)current->next->nice", 251)]
    [InlineData("*(u16 *)((u32)current + 6)", 1)]
    [InlineData("current->next->state == SLEEPING", 1)]
    [InlineData("current->next->next ? 1 : current->prio", 7)]
    [InlineData("current->next->next && current->next->next->prio", 0)]
    [InlineData("!current", 0)]
    [InlineData("task->prio + priority", 203)]
    [InlineData("first.name[1]", 'h')]
    [InlineData("first.name[6]", 255)]
    [InlineData("sp + lr + pc + cpsr + tpidruro", 31)]
    public void A_path_reads_what_the_source_says(string text, long expected)
    {
        var (guest, scope) = Open();
        guest.Set(ProfileRegister.R3, guest.AddressOf("first"));
        foreach (var (register, value) in new[]
            {
                (ProfileRegister.R13, 1u), (ProfileRegister.R14, 2u), (ProfileRegister.R15, 4u),
                (ProfileRegister.Cpsr, 8u), (ProfileRegister.Tpidruro, 16u),
            })
        {
            guest.Set(register, value);
        }

        var expression = ProfileExpression.Compile(text, scope, ProfileVariables.Task | ProfileVariables.Priority);
        var arguments = new ProfileArguments(guest.AddressOf("second"), 3);
        Assert.True(expression.TryEvaluate(guest, arguments, out var result, out _));
        Assert.Equal(expected, result.Number);
    }

    [SkippableTheory]
    [InlineData("first.name", "short??")]
    [InlineData("second.name", "a very long nam")]
    [InlineData("current->next->title", "pointed")]
    [InlineData("first.title", "")]
    public void Names_are_15_printable_bytes_at_most(string text, string expected)
    {
        var (guest, scope) = Open();
        Assert.Equal(expected, Text(guest, ProfileExpression.Compile(text, scope), out _));
    }

    [SkippableFact]
    public void A_pointed_name_may_end_right_before_memory_that_cannot_be_read()
    {
        var (guest, scope) = Open();
        uint start = guest.AddressOf("at_the_end");
        guest.End = start + 4;
        guest.Set(ProfileRegister.R0, start);
        var title = ProfileExpression.Compile("(char *)r0", scope);
        Assert.Equal("end", Text(guest, title, out _));
        guest.End = start + 3;
        Assert.Null(Text(guest, title, out var fault));
        Assert.Equal(new ProfileFault(ProfileFaultKind.UnreadableMemory, new GuestVa(start)), fault);
    }

    [SkippableFact]
    public void A_failing_read_names_its_address()
    {
        var (guest, scope) = Open();
        guest.WriteWord(guest.AddressOf("current"), 0xDEAD_0000);
        var expression = ProfileExpression.Compile("current->prio", scope);
        Assert.False(expression.TryEvaluate(guest, default, out _, out var fault));
        Assert.Equal(new ProfileFault(ProfileFaultKind.UnreadableMemory, new GuestVa(0xDEAD_0004)), fault);
    }

    [SkippableFact]
    public void A_division_by_what_the_guest_holds_may_have_no_value()
    {
        var (guest, scope) = Open();
        var expression = ProfileExpression.Compile("5 % first.nice", scope);
        Assert.False(expression.TryEvaluate(guest, default, out _, out var fault));
        Assert.Equal(ProfileFaultKind.DivisionByZero, fault.Kind);
    }

    [SkippableTheory]
    [InlineData("curent->prio", 1, "unknown symbol 'curent'")]
    [InlineData("1 + curent", 5, "unknown symbol 'curent'")]
    [InlineData("current->priority", 10, "struct task has no member 'priority'; it has: next, prio, nice, id, name")]
    [InlineData("current.prio", 9, "is no struct")]
    [InlineData("first->prio", 6, "cannot be used here")]
    [InlineData("first + 1", 7, "cannot be used here")]
    [InlineData("first", 1, "cannot be used here")]
    [InlineData("current->bits", 10, "bit-field")]
    [InlineData("*opaque", 1, "cast it first")]
    [InlineData("*first.prio", 1, "a pointer is needed")]
    [InlineData("(struct tusk *)r0", 9, "unknown type 'struct tusk'")]
    [InlineData("(struct task)r0", 1, "nothing can be cast")]
    [InlineData("current + current", 9, "two pointers")]
    [InlineData("~current", 1, "a number is needed")]
    [InlineData("task->prio", 1, "has no meaning here")]
    [InlineData("1 +", 4, "missing at the end")]
    [InlineData("(1", 3, "')' is missing")]
    [InlineData("1 2", 3, "the end expected, not '2'")]
    [InlineData("1 @ 2", 3, "unexpected character '@'")]
    [InlineData("0779", 1, "is no number")]
    [InlineData("12ab", 1, "is no number")]
    [InlineData("", 1, "missing at the end")]
    [InlineData("current->", 10, "name of a member")]
    [InlineData("&5", 1, "only something in memory")]
    [InlineData("current = 1", 9, "unexpected character '='")]
    public void A_mistake_is_named_with_its_column(string text, int column, string problem)
    {
        var (_, scope) = Open();
        var exception = Assert.Throws<ProfileException>(() => ProfileExpression.Compile(text, scope));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Equal(column, exception.Column);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        var scope = new ProfileScope(TypeGraph.Empty, new SymbolTable([], []));
        foreach (string text in new[]
            {
                new string('(', 500) + "1" + new string(')', 500),
                new string('~', 1000) + "1",
                string.Concat(Enumerable.Repeat("1?1:", 250)) + "1",
                string.Concat(Enumerable.Repeat("(u8)", 250)) + "1",
                "1" + new string(' ', 5000),
            })
        {
            Assert.Throws<ProfileException>(() => ProfileExpression.Compile(text, scope));
        }

        string flat = string.Join('+', Enumerable.Repeat("1", 500));
        Assert.Equal(500, ProfileExpression.Compile(flat, scope).TryEvaluate(
            new NoGuest(), default, out var sum, out _) ? sum.Number : -1);
    }

    [Fact]
    public void Damaged_expressions_give_an_expression_or_a_profile_exception()
    {
        const string original =
            "OSRdyTbl[task->Prio >> 3] & (1 << (((struct t *)r0)->Prio & 7u)) ? *(u8 *)&x ?? 1 : -0x10 + sizeof x ?? \"a\" == x";
        const string alphabet = "()[]*&->.?:<>=!~+ %/|^ustr0x9_\"";
        var scope = new ProfileScope(
            TypeGraph.Empty,
            new SymbolTable([new ElfSymbol("x", new GuestVa(4), 4, ElfSymbolKind.Object, true, false, false)], []),
            [new StructLayout("t", 8, [new StructMember("Prio", 4, "u8")])],
            [new VariableDeclaration("x", "u8[4]")],
            "struct t");
        var random = new Random(5);
        int compiled = 0;
        for (int round = 0; round < 20_000; round++)
        {
            var text = new System.Text.StringBuilder(original.Replace("OSRdyTbl", "x", StringComparison.Ordinal));
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, alphabet[random.Next(alphabet.Length)]),
                    _ => text.Replace(text[at], alphabet[random.Next(alphabet.Length)], at, 1),
                };
            }

            try
            {
                var expression = ProfileExpression.Compile(text.ToString(), scope, ProfileVariables.Task);
                _ = expression.TryEvaluate(new NoGuest(), default, out _, out _);
                compiled++;
            }
            catch (ProfileException)
            {
                // That is the answer to a damaged expression.
            }
        }

        Assert.InRange(compiled, 100, 19_000);
    }

    private static string? Text(StillGuest guest, ProfileExpression expression, out ProfileFault fault)
    {
        Span<byte> bytes = stackalloc byte[ProfileExpression.MaxNameLength];
        return expression.TryEvaluateText(guest, default, bytes, out int length, out fault)
            ? System.Text.Encoding.ASCII.GetString(bytes[..length])
            : null;
    }

    private static (StillGuest Guest, ProfileScope Scope) Open()
    {
        var image = ArmCompiler.Image("-g", Program);
        return (new StillGuest(image), new ProfileScope(image.Types, image.Symbols, taskType: "struct task"));
    }

    private sealed class NoGuest : IGuestReader
    {
        public bool TryRead(uint guestVa, Span<byte> destination)
        {
            destination.Fill(1);
            return true;
        }

        public uint Register(ProfileRegister r) => 0;
    }
}
