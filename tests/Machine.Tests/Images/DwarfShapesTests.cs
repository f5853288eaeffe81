using System.Buffers.Binary;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

/// <summary>One program in every shape in which compilers and linkers leave debug information: its types are the same in
/// each, and those that the program itself states as constants.</summary>
public sealed class DwarfShapesTests
{
    private static readonly string[] Members =
        ["StkPtr", "delay", "prio", "when", "link", "word", "in", "deep", "matrix", "colour", "name", "elsewhere"];

    private static readonly Lazy<ElfImage> Stated =
        new(() => ArmCompiler.Image("-g0", DwarfTests.Program, DwarfTests.Elsewhere));

    /// <summary>Version, optimisation, and what else changes the sections.</summary>
    public static TheoryData<string> Linked
    {
        get
        {
            var flags = new TheoryData<string>();
            foreach (int version in new[] { 2, 3, 4, 5 })
            {
                foreach (string level in new[] { "-O0", "-O2", "-Os -mthumb" })
                {
                    flags.Add($"-gdwarf-{version} {level}");
                }

                flags.Add($"-gdwarf-{version} -gz=zlib");
                flags.Add($"-gdwarf-{version} -Wl,--emit-relocs");
            }

            flags.Add("-gdwarf-4 -fdebug-types-section");
            flags.Add("-gdwarf-5 -fdebug-types-section");
            flags.Add("-gdwarf-4 -fdebug-types-section -gz=zlib -O0");
            flags.Add("-gdwarf-5 -fdebug-types-section -gz=zlib -Os");
            flags.Add("-gdwarf-5 -gdwarf64");
            flags.Add("-gdwarf-4 -gstrict-dwarf -fno-eliminate-unused-debug-types");
            return flags;
        }
    }

    public static TheoryData<string> Unlinked =>
    [
        "-gdwarf-2", "-gdwarf-3 -O0", "-gdwarf-4", "-gdwarf-5", "-gdwarf-4 -fdebug-types-section",
        "-gdwarf-5 -fdebug-types-section", "-gdwarf-5 -gz=zlib", "-gdwarf-4 -fdebug-types-section -gz=zlib",
        "-gdwarf-5 -ffunction-sections -fdata-sections",
    ];

    [SkippableTheory]
    [MemberData(nameof(Linked))]
    public void A_linked_program_has_the_types_of_its_source(string flags)
    {
        var image = ArmCompiler.Image(flags, DwarfTests.Program, DwarfTests.Elsewhere);
        RequireTypes(image);
        foreach (string name in new[] { "current", "table", "hidden", "far" })
        {
            Assert.True(image.Symbols.TryFind(name, out var symbol), name);
            Assert.Equal((name, symbol.Address), (name, Global(image, name).Address));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Unlinked))]
    public void An_object_file_has_them_too(string flags)
    {
        byte[] bytes = ArmCompiler.Object(flags, DwarfTests.Program);
        Assert.Throws<ImageFormatException>(() => ElfImage.Parse(bytes, "unit.o"));
        var image = ElfImage.ParseLinkedOrNot(bytes, "unit.o");
        Assert.True(image.IsObjectFile);
        RequireTypes(image);
        Assert.True(image.Symbols.TryFind("table", out var symbol));
        Assert.Equal(symbol.Address, Global(image, "table").Address);
    }

    [SkippableTheory]
    [InlineData("-gdwarf-2", "-gdwarf-5")]
    [InlineData("-gdwarf-5 -gz=zlib", "-gdwarf-3")]
    [InlineData("-gdwarf-4 -fdebug-types-section", "-gdwarf-5 -fdebug-types-section")]
    [InlineData("-gdwarf-4", "-g0")]
    [InlineData("-gdwarf-5 -O0", "-gdwarf-4 -Os")]
    public void Units_of_different_versions_stand_side_by_side(string one, string other)
    {
        byte[] linked = ArmCompiler.Link(
            "-g", ArmCompiler.Object(one, DwarfTests.Program), ArmCompiler.Object(other, DwarfTests.Elsewhere));
        var image = ElfImage.Parse(linked, "out.elf");
        RequireTypes(image);
        var pointer = Assert.IsType<PointerType>(Member(image, "elsewhere").Type);
        bool isKnown = Assert.IsType<AggregateType>(pointer.Target).TryFindMember("second", out var second);
        Assert.Equal(other is not "-g0", isKnown);
        Assert.Equal(isKnown ? Constant("off_second") : 0, second?.Offset ?? 0);
    }

    [SkippableFact]
    public void Gnu_compressed_sections_are_read()
    {
        byte[] linked = ArmCompiler.Build("-gdwarf-4 -gz=zlib-gnu", DwarfTests.Program, DwarfTests.Elsewhere);
        var image = ElfImage.Parse(linked, "out.elf");
        Skip.IfNot(image.TryFindSection(".zdebug_info", out _), "this linker no longer writes them");
        RequireTypes(image);
    }

    /// <summary>Bytes of every section changed, in each shape that has a reader of its own: a result or an
    /// <see cref="ImageFormatException"/>, nothing else.</summary>
    [SkippableTheory]
    [InlineData("-gdwarf-4 -fdebug-types-section", false, 1)]
    [InlineData("-gdwarf-5 -fdebug-types-section -gz=zlib", false, 2)]
    [InlineData("-gdwarf-5 -fdebug-types-section", true, 3)]
    [InlineData("-gdwarf-4 -fdebug-types-section -gz=zlib", true, 4)]
    [InlineData("-gdwarf-2", true, 5)]
    public void Mutated_bytes_never_break_the_reader(string flags, bool isObject, int seed)
    {
        byte[] original = isObject
            ? ArmCompiler.Object(flags, DwarfTests.Program)
            : ArmCompiler.Build(flags, DwarfTests.Program, DwarfTests.Elsewhere);
        var image = ElfImage.ParseLinkedOrNot(original, "original");
        var targets = image.Sections.Where(s => s.Size > 0 && s.Type != 8).ToArray();
        int headers = original.Length - (40 * targets.Length);
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 1200; round++)
        {
            byte[] bytes = (byte[])original.Clone();
            var target = targets[random.Next(targets.Length)];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int at = random.Next(3) == 0
                    ? headers + random.Next(original.Length - headers)
                    : (int)target.FileOffset + random.Next((int)target.Size);
                bytes[at] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            refused += Accepted(bytes) ? 0 : 1;
        }

        Assert.InRange(refused, 50, 1199);
    }

    private static bool Accepted(byte[] bytes)
    {
        try
        {
            var image = ElfImage.ParseLinkedOrNot(bytes, "mutant");
            _ = image.Types.TryFindStruct("tcb", out var tcb);
            _ = tcb?.NamedMembers().Sum(m => m.Type.Size + (m.Type.ToString() ?? "").Length);
            return true;
        }
        catch (ImageFormatException exception)
        {
            Assert.StartsWith("mutant: byte 0x", exception.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static void RequireTypes(ElfImage image)
    {
        var tcb = Tcb(image);
        Assert.Equal(Constant("size_tcb"), tcb.Size);
        foreach (string name in Members)
        {
            Assert.Equal((name, Constant("off_" + name)), (name, Member(image, name).Offset));
        }

        Assert.Equal("char[16]", Member(image, "name").Type.ToString());
        Assert.Equal("OS_STK *", Member(image, "StkPtr").Type.ToString());
        Assert.Equal("TCB *[8]", Global(image, "table").Type.ToString());
        Assert.Equal("unsigned int", Global(image, "hidden").Type.ToString());
    }

    private static AggregateType Tcb(ElfImage image) => Assert.IsType<AggregateType>(
        Assert.IsType<PointerType>(Global(image, "current").Type).Target.Underlying);

    private static AggregateMember Member(ElfImage image, string name) =>
        Tcb(image).TryFindMember(name, out var found) ? found : throw new InvalidOperationException(name);

    private static GlobalVariable Global(ElfImage image, string name) =>
        image.Types.TryFindVariable(name, out var found) ? found : throw new InvalidOperationException(name);

    private static uint Constant(string name)
    {
        Assert.True(Stated.Value.Symbols.TryFind(name, out var symbol), name);
        var word = new byte[4];
        Assert.True(Stated.Value.TryRead(new GuestVa(symbol.Address.Value), word));
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
