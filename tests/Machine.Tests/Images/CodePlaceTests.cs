using ActorTrace.Machine.Images;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

/// <summary>Places of probes in a program that mixes A32, T32 and data.</summary>
public sealed class CodePlaceTests
{
    private const string Program = """
        static __attribute__((noinline, used)) int local(int x) { return x + 1; }
        __attribute__((noinline)) int compiled(int x) { return local(x) * 3; }
        asm(".text\n .syntax unified\n .thumb\n .global thumb\n .type thumb, %function\n .thumb_func\n"
            "thumb: movs r0, #1\n bl thumb\nthumb_loop: b thumb_loop\n movw r0, #0x1234\n bx lr\n"
            ".balign 4\ntable: .word 1, 2\n"
            ".arm\n .balign 4\n .global arm\n .type arm, %function\n"
            "arm: mov r0, #1\narm_loop: b arm_loop\n ldr r0, =0x12345678\n bx lr\n .ltorg\n");
        void _start(void) { for (;;) { compiled(1); } }
        """;

    [SkippableTheory]
    [InlineData("arm", "arm", 0, CodeEncoding.A32)]
    [InlineData("arm_loop", "arm", 4, CodeEncoding.A32)]
    [InlineData("arm + 8", "arm", 8, CodeEncoding.A32)]
    [InlineData("thumb", "thumb", 0, CodeEncoding.T32)]
    [InlineData("thumb+2", "thumb", 2, CodeEncoding.T32)]
    [InlineData("thumb_loop", "thumb", 6, CodeEncoding.T32)]
    [InlineData("thumb+0x8", "thumb", 8, CodeEncoding.T32)]
    [InlineData("thumb+12", "thumb", 12, CodeEncoding.T32)]
    public void A_place_has_an_address_without_bit_0_and_a_state(string text, string symbol, uint offset, CodeEncoding encoding)
    {
        var image = ArmCompiler.Image("-g", Program);
        Assert.Null(CodePlace.TryFind(image, text, out var place));
        Assert.True(image.Symbols.TryFind(symbol, out var start));
        Assert.Equal((start.Address.Value + offset, encoding), (place.Address.Value, place.Encoding));
    }

    [SkippableTheory]
    [InlineData("arm+2", "lies within an A32 instruction")]
    [InlineData("thumb+4", "lies within a T32 instruction of 32 bits")]
    [InlineData("thumb+10", "lies within a T32 instruction of 32 bits")]
    [InlineData("table", "is data, not code")]
    [InlineData("nowhere", "has no place 'nowhere'")]
    [InlineData("arm+x", "has no place 'arm+x'")]
    public void A_place_where_no_instruction_begins_is_refused(string text, string problem)
    {
        string? found = CodePlace.TryFind(ArmCompiler.Image("-g", Program), text, out _);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("-marm -O0", CodeEncoding.A32)]
    [InlineData("-mthumb -Os", CodeEncoding.T32)]
    public void Static_functions_and_plain_addresses_are_places(string flags, CodeEncoding encoding)
    {
        var image = ArmCompiler.Image("-g " + flags, Program);
        Assert.Null(CodePlace.TryFind(image, "local", out var place));
        Assert.Equal(encoding, place.Encoding);

        // As nm prints the same symbol.
        Assert.True(image.Symbols.TryFind("local", out var symbol));
        Assert.False(symbol.Global);
        Assert.Null(CodePlace.TryFind(image, $"0x{place.Address.Value:x}", out var same));
        Assert.Equal(place, same);
        Assert.Null(CodePlace.TryFind(image, $"0x{0x9000_0001:x}", out var elsewhere));
        Assert.Equal((0x9000_0000u, CodeEncoding.T32), (elsewhere.Address.Value, elsewhere.Encoding));
        Assert.Null(CodePlace.TryFind(image, "0x90000000", out var unknown));
        Assert.Equal(CodeEncoding.Unknown, unknown.Encoding);
    }
}
