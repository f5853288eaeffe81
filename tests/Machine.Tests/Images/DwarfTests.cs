using System.Buffers.Binary;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

/// <summary>The reader against the compiler itself: offsets and sizes are also constants in the program.</summary>
public sealed class DwarfTests
{
    internal const string Program = """
        #include <stddef.h>
        typedef unsigned char INT8U;
        typedef unsigned int OS_STK;
        enum colour { RED, GREEN = 5, BLUE = -3 };
        union word { unsigned char bytes[4]; unsigned all; };
        struct list { struct list *next; void (*call)(int); };
        typedef struct tcb {
            OS_STK *StkPtr;
            const volatile short delay;
            INT8U prio;
            long long when;
            struct list link;
            union word word;
            struct { char in; union { short deep; int other; }; };
            int matrix[2][3];
            unsigned flags : 3;
            unsigned more : 9;
            enum colour colour;
            char name[16];
            struct opaque *elsewhere;
        } TCB;
        extern TCB *current;
        TCB *current;
        TCB *table[8];
        static volatile unsigned hidden = 3;
        extern struct opaque far;
        extern int sized[];
        int sized[5];
        const unsigned off_StkPtr = offsetof(TCB, StkPtr), off_delay = offsetof(TCB, delay);
        const unsigned off_prio = offsetof(TCB, prio), off_when = offsetof(TCB, when), off_link = offsetof(TCB, link);
        const unsigned off_word = offsetof(TCB, word), off_in = offsetof(TCB, in), off_deep = offsetof(TCB, deep);
        const unsigned off_matrix = offsetof(TCB, matrix), off_colour = offsetof(TCB, colour);
        const unsigned off_name = offsetof(TCB, name), off_elsewhere = offsetof(TCB, elsewhere);
        const unsigned size_tcb = sizeof(TCB), size_colour = sizeof(enum colour), size_list = sizeof(struct list);
        TCB **const at_current = &current; TCB *(*const at_table)[8] = &table;
        volatile unsigned *const at_hidden = &hidden; struct opaque *const at_far = &far;
        void _start(void) { static int hidden_in_function; hidden = hidden_in_function++; for (;;) { } }
        """;

    internal const string Elsewhere = """
        struct opaque { int first; int second; };
        struct opaque far = { 1, 2 };
        const unsigned off_second = __builtin_offsetof(struct opaque, second);
        """;

    public static TheoryData<string> Versions => ["-g", "-gdwarf-5", "-gdwarf-4", "-gdwarf-3", "-gdwarf-2"];

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Members_stand_where_the_compiler_says(string version)
    {
        var image = ArmCompiler.Image(version, Program, Elsewhere);
        Assert.True(image.Types.TryFindStruct("tcb", out var tcb));
        Assert.Equal(Constant(image, "size_tcb"), tcb.Size);
        string[] names = ["StkPtr", "delay", "prio", "when", "link", "word", "in", "deep", "matrix", "colour", "name", "elsewhere"];
        foreach (string name in names)
        {
            Assert.True(tcb.TryFindMember(name, out var member), name);
            Assert.Equal((name, Constant(image, "off_" + name)), (name, member.Offset));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Types_of_members_are_those_of_the_source(string version)
    {
        var image = ArmCompiler.Image(version, Program, Elsewhere);
        Assert.True(image.Types.TryFindTypedef("TCB", out var typedef));
        var tcb = Assert.IsType<AggregateType>(typedef.Underlying);
        Assert.Equal("OS_STK *", TypeOf(tcb, "StkPtr").ToString());
        Assert.Equal("short int", TypeOf(tcb, "delay").ToString());
        Assert.True(Assert.IsType<BaseType>(TypeOf(tcb, "delay")).IsSigned);
        Assert.Equal("INT8U", TypeOf(tcb, "prio").ToString());
        Assert.False(Assert.IsType<BaseType>(TypeOf(tcb, "prio").Underlying).IsSigned);
        Assert.Equal(8u, TypeOf(tcb, "when").Size);
        Assert.Equal("char[16]", TypeOf(tcb, "name").ToString());
        Assert.Equal(Constant(image, "size_list"), TypeOf(tcb, "link").Size);
        Assert.True(Assert.IsType<AggregateType>(TypeOf(tcb, "word")).IsUnion);
        var rows = Assert.IsType<ArrayType>(TypeOf(tcb, "matrix"));
        Assert.Equal((2u, 24u, 3u), (rows.Count, rows.Size, Assert.IsType<ArrayType>(rows.Element).Count));
        Assert.Equal(Constant(image, "size_colour"), TypeOf(tcb, "colour").Size);
        Assert.True(tcb.TryFindMember("more", out var bits) && bits.IsBitField);
        Assert.True(image.Types.TryFindEnumerator("BLUE", out long blue));
        Assert.Equal(-3, (sbyte)blue);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void Globals_have_address_and_type(string version)
    {
        var image = ArmCompiler.Image(version, Program, Elsewhere);
        foreach (string name in new[] { "current", "table", "hidden", "far" })
        {
            Assert.True(image.Types.TryFindVariable(name, out var variable), name);
            Assert.Equal((name, Constant(image, "at_" + name)), (name, variable.Address?.Value));
        }

        Assert.Equal("TCB *", Global(image, "current").Type.ToString());
        Assert.Equal("TCB *[8]", Global(image, "table").Type.ToString());
        Assert.Equal("int[5]", Global(image, "sized").Type.ToString());
        Assert.False(image.Types.TryFindVariable("hidden_in_function", out _));
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public void A_struct_declared_here_and_defined_elsewhere_is_complete(string version)
    {
        var image = ArmCompiler.Image(version, Program, Elsewhere);
        Assert.True(image.Types.TryFindStruct("tcb", out var tcb));
        var pointer = Assert.IsType<PointerType>(TypeOf(tcb, "elsewhere"));
        var opaque = Assert.IsType<AggregateType>(pointer.Target);
        Assert.True(opaque.TryFindMember("second", out var second));
        Assert.Equal(Constant(image, "off_second"), second.Offset);
    }

    [SkippableFact]
    public void A_program_without_debug_information_has_no_types()
    {
        var image = ArmCompiler.Image("-g0", Program, Elsewhere);
        Assert.True(image.Types.IsEmpty);
        Assert.True(image.Symbols.TryFind("current", out _));
    }

    [SkippableFact]
    public void Link_time_optimisation_keeps_globals_and_types()
    {
        var image = ArmCompiler.Image("-g -flto -Wl,-u,current", Program, Elsewhere);
        Assert.True(image.Symbols.TryFind("hidden", out var hidden));
        Assert.Equal((hidden.Address, "unsigned int"), (Global(image, "hidden").Address, Global(image, "hidden").Type.ToString()));
        Assert.True(image.Types.TryFindStruct("tcb", out _));
    }

    /// <summary>Clang writes names and addresses as indices into tables; here by hand, as DWARF 5 lays them out.</summary>
    [SkippableFact]
    public void Names_and_addresses_by_index_are_resolved()
    {
        var image = ArmCompiler.Image("-g0", """
            int indexed = 1;
            void _start(void) { for (;;) { } }
            asm(".section .debug_abbrev\n"
                ".byte 1, 0x11, 1,  0x72, 0x17,  0x73, 0x17,  0x03, 0x25,  0, 0\n"
                ".byte 2, 0x24, 0,  0x03, 0x25,  0x0b, 0x0b,  0x3e, 0x0b,  0, 0\n"
                ".byte 3, 0x34, 0,  0x03, 0x25,  0x49, 0x13,  0x02, 0x18,  0, 0\n"
                ".byte 0\n"
                ".section .debug_info\n"
                "unit: .4byte unit_end - unit_start\n"
                "unit_start: .2byte 5\n .byte 1, 4\n .4byte 0\n"
                ".byte 1\n .4byte 8, 8\n .byte 0\n"
                "type: .byte 2, 1, 4, 5\n"
                ".byte 3, 2\n .4byte type - unit\n .byte 2, 0xa1, 1\n"
                ".byte 0\n"
                "unit_end:\n"
                ".section .debug_str_offsets\n .4byte 16\n .2byte 5, 0\n .4byte 0, 4, 8\n"
                ".section .debug_str\n .asciz \"a.c\", \"int\", \"indexed\"\n"
                ".section .debug_addr\n .4byte 12\n .2byte 5\n .byte 4, 0\n .4byte 0, indexed\n");
            """);
        Assert.True(image.Symbols.TryFind("indexed", out var symbol));
        Assert.Equal((symbol.Address, "int"), (Global(image, "indexed").Address, Global(image, "indexed").Type.ToString()));
    }

    private static DataType TypeOf(AggregateType type, string member) =>
        type.TryFindMember(member, out var found) ? found.Type : throw new InvalidOperationException(member);

    private static GlobalVariable Global(ElfImage image, string name) =>
        image.Types.TryFindVariable(name, out var found) ? found : throw new InvalidOperationException(name);

    private static uint Constant(ElfImage image, string name)
    {
        Assert.True(image.Symbols.TryFind(name, out var symbol), name);
        var word = new byte[4];
        Assert.True(image.TryRead(new GuestVa(symbol.Address.Value), word));
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
