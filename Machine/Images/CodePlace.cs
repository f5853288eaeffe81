using System.Buffers.Binary;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>A place in a program where an instruction begins.</summary>
/// <param name="Address">Its address, bit 0 clear.</param>
/// <param name="Encoding">A32 or T32; Unknown where nothing says which.</param>
public readonly record struct CodePlace(GuestVa Address, CodeEncoding Encoding)
{
    /// <summary>Finds the place that <c>symbol</c>, <c>symbol+0x4</c> or a number names. Bit 0 of a number says that
    /// T32 instructions stand there, as in a function pointer.</summary>
    /// <param name="image">The program.</param>
    /// <param name="location">The name.</param>
    /// <param name="place">The place.</param>
    /// <returns>Null where it was found; else why not, one line.</returns>
    public static string? TryFind(ElfImage image, string location, out CodePlace place)
    {
        place = default;
        if (!image.Symbols.TryResolve(location, out var address))
        {
            return $"{image.Name} has no place '{location}': a symbol, symbol+offset or an address is needed";
        }

        var even = new GuestVa(address.Value & ~1u);
        place = new CodePlace(even, address == even ? image.EncodingAt(even) : CodeEncoding.T32);
        return place.Encoding switch
        {
            CodeEncoding.Data => $"'{location}' (0x{even.Value:x8}) is data, not code",
            CodeEncoding.A32 when (even.Value & 3) != 0 =>
                $"'{location}' (0x{even.Value:x8}) lies within an A32 instruction: use a multiple of 4",
            CodeEncoding.T32 when WithinInstruction(image, even) =>
                $"'{location}' (0x{even.Value:x8}) lies within a T32 instruction of 32 bits: use an offset 2 more or less",
            _ => null,
        };
    }

    /// <summary>Steps over the instructions from the nearest symbol on. Code that is not in the image cannot be
    /// checked.</summary>
    private static bool WithinInstruction(ElfImage image, GuestVa place)
    {
        if (!image.Symbols.TryNearest(place, out var symbol)
            || image.EncodingAt(symbol.Address) != CodeEncoding.T32)
        {
            return false;
        }

        uint at = symbol.Address.Value;
        Span<byte> halfword = stackalloc byte[2];
        while (at < place.Value)
        {
            bool isCode = image.EncodingAt(new GuestVa(at)) == CodeEncoding.T32;
            if (!image.TryRead(new GuestVa(at), halfword))
            {
                return false;
            }

            // ARM DDI 0406C, A6.1: bits 15..11 of the first halfword tell a 32-bit instruction.
            bool isWide = isCode && BinaryPrimitives.ReadUInt16LittleEndian(halfword) >> 11 >= 0b11101;
            at += isWide ? 4u : 2u;
        }

        return at > place.Value;
    }
}
