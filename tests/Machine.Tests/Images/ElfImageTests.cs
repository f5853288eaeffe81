using System.Buffers.Binary;
using System.Globalization;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

public sealed class ElfImageTests
{
    private const string Program = """
        int counter = 7;
        int zeroed[100];
        static int hidden(int x) { return x + counter; }
        __attribute__((noinline)) int twice(int x) { return hidden(x) * 2 + zeroed[x]; }
        void _start(void) { counter = twice(counter); for (;;) { } }
        """;

    private static byte[] Rtos => File.ReadAllBytes(QemuGuest.Image("rtos.elf"));

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    [InlineData("pingpong.elf")]
    public void Every_symbol_has_the_address_and_size_that_nm_prints(string name)
    {
        string path = QemuGuest.Image(name);
        var image = ElfImage.Parse(File.ReadAllBytes(path), name);
        var expected = ArmCompiler.Run("arm-none-eabi-nm", ["-S", path])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f[^2] is not "U" && f[^1][0] != '$')
            .Select(f => (Name: f[^1], Address: Hex(f[0]), Size: f.Length == 4 ? Hex(f[1]) : 0))
            .Order();
        var actual = image.Symbols.All
            .Select(s => (s.Name, Address: s.Address.Value, s.Size)).Order();
        Assert.Equal(expected, actual);
    }

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void The_segments_are_those_that_readelf_prints(string name)
    {
        string path = QemuGuest.Image(name);
        var image = ElfImage.Parse(File.ReadAllBytes(path), name);
        var expected = ArmCompiler.Run("arm-none-eabi-readelf", ["-l", "-W", path])
            .Split('\n')
            .Where(line => line.TrimStart().StartsWith("LOAD ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(f => (Virtual: Hex(f[2]), Physical: Hex(f[3]), File: Hex(f[4]), Memory: Hex(f[5])));
        Assert.Equal(expected, image.Segments.Select(s => (
            s.VirtualAddress.Value, (uint)s.PhysicalAddress.Value, (uint)s.FileBytes.Length, s.MemorySize)));
    }

    [SkippableFact]
    public void Thumb_functions_lose_bit_0_and_keep_the_mark()
    {
        var image = ArmCompiler.Image("-g -mthumb", Program);
        Assert.True(image.Symbols.TryFind("twice", out var twice));
        Assert.True(twice.Thumb);
        Assert.Equal(0u, twice.Address.Value & 1);
        Assert.Equal(CodeEncoding.T32, image.Symbols.EncodingAt(twice.Address));
    }

    [SkippableFact]
    public void Arm_functions_are_a32_and_their_literal_pool_is_data()
    {
        var image = ArmCompiler.Image("-g -marm -mword-relocations", Program);
        Assert.True(image.Symbols.TryFind("twice", out var twice));
        Assert.False(twice.Thumb);
        Assert.Equal(CodeEncoding.A32, image.Symbols.EncodingAt(twice.Address));

        // The compiler puts the address of `counter` behind the code.
        Assert.True(image.Symbols.TryFind("counter", out var counter));
        var word = new byte[4];
        for (uint at = twice.Address.Value; ; at += 4)
        {
            Assert.True(image.TryRead(new GuestVa(at), word), "the literal pool is not there");
            if (BinaryPrimitives.ReadUInt32LittleEndian(word) == counter.Address.Value)
            {
                Assert.Equal(CodeEncoding.Data, image.Symbols.EncodingAt(new GuestVa(at)));
                return;
            }
        }
    }

    [SkippableFact]
    public void Initialised_data_is_read_from_the_file_and_bss_is_zero()
    {
        var image = ArmCompiler.Image("-g -marm", Program);
        Assert.True(image.Symbols.TryFind("counter", out var counter));
        Assert.True(image.Symbols.TryFind("zeroed", out var zeroed));
        var word = new byte[4];
        Assert.True(image.TryRead(counter.Address, word));
        Assert.Equal(7u, BinaryPrimitives.ReadUInt32LittleEndian(word));
        Assert.True(image.TryRead(zeroed.Address, word));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(word));
        Assert.False(image.TryRead(new GuestVa(0xFFFF_FFFE), word));
    }

    [Fact]
    public void An_address_is_described_by_the_symbol_before_it()
    {
        var symbols = ElfImage.Parse(Rtos, "rtos.elf").Symbols;
        Assert.True(symbols.TryFind("OSCtxSw", out var entry));
        Assert.Equal("OSCtxSw", symbols.Describe(entry.Address));
        Assert.Equal("OSCtxSw+0x4", symbols.Describe(new GuestVa(entry.Address.Value + 4)));
        Assert.Equal("0x00000010", symbols.Describe(new GuestVa(0x10)));
    }

    [Theory]
    [InlineData("OSCtxSw+0x4", 4)]
    [InlineData("OSCtxSw+12", 12)]
    [InlineData("OSCtxSw", 0)]
    public void A_location_is_a_symbol_and_an_offset(string location, uint offset)
    {
        var symbols = ElfImage.Parse(Rtos, "rtos.elf").Symbols;
        Assert.True(symbols.TryFind("OSCtxSw", out var entry));
        Assert.True(symbols.TryResolve(location, out var address));
        Assert.Equal(entry.Address.Value + offset, address.Value);
    }

    [Theory]
    [InlineData("OSCtxSwX")]
    [InlineData("OSCtxSw+")]
    [InlineData("OSCtxSw+zz")]
    [InlineData("+4")]
    [InlineData("")]
    public void A_location_that_is_none_does_not_resolve(string location) =>
        Assert.False(ElfImage.Parse(Rtos, "rtos.elf").Symbols.TryResolve(location, out _));

    [Fact]
    public void A_plain_number_is_a_location() =>
        Assert.True(ElfImage.Parse(Rtos, "x").Symbols.TryResolve("0x40008000", out var address)
            && address.Value == 0x4000_8000);

    [Theory]
    [InlineData(0, 'M', "not an ELF file")]
    [InlineData(4, 2, "64-bit")]
    [InlineData(5, 2, "big-endian")]
    [InlineData(18, 62, "machine 62")]
    [InlineData(16, 1, "ELF type 1")]
    public void Another_kind_of_file_is_refused_with_place_and_reason(int offset, byte value, string reason)
    {
        var bytes = Rtos;
        bytes[offset] = value;
        var exception = Assert.Throws<ImageFormatException>(() => ElfImage.Parse(bytes, "rtos.elf"));
        Assert.StartsWith($"rtos.elf: byte 0x{offset:x}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_is_cut()
    {
        var bytes = Rtos;
        // The last header of the section table ends the file, so each cut takes something away.
        for (int length = 0; length < bytes.Length; length += 97)
        {
            Assert.Throws<ImageFormatException>(() => ElfImage.Parse(bytes.AsMemory(0, length), "cut"));
        }
    }

    [Fact]
    public void An_image_without_code_to_load_is_refused()
    {
        var bytes = Rtos;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(44), 0);
        var exception = Assert.Throws<ImageFormatException>(() => ElfImage.Parse(bytes, "empty"));
        Assert.Contains("nothing to load", exception.Message, StringComparison.Ordinal);
    }

    private static uint Hex(string text) => uint.Parse(
        text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text,
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);
}
