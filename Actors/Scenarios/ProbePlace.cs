using System.Globalization;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>A place to probe, as a user writes it: <c>SYMBOL</c>, <c>SYMBOL+0x4</c> or an address, then <c>/return</c> for the returns of the function there.</summary>
/// <param name="Address">Guest virtual address.</param>
/// <param name="Thumb">T32 instructions are there.</param>
/// <param name="Returns">The function's returns, not the arrivals at the address.</param>
public readonly record struct ProbePlace(GuestVa Address, bool Thumb, bool Returns)
{
    private const string ReturnSuffix = "/return";

    /// <summary>Reads a symbol with or without offset; a plain number is none.</summary>
    public static bool TryParseSymbol(ElfImage image, string text, out ProbePlace place)
    {
        ArgumentNullException.ThrowIfNull(image);
        string symbol = WithoutSuffix(text, out bool returns);
        place = default;
        if (TryParseNumber(symbol, out _) || !image.Symbols.TryResolve(symbol, out GuestVa address))
        {
            return false;
        }

        place = new ProbePlace(address, IsThumb(image, address), returns);
        return true;
    }

    /// <summary>Reads an address, decimal or 0x...; bit 0 set says T32, as in a branch to it.</summary>
    public static bool TryParseAddress(ElfImage image, string text, out ProbePlace place)
    {
        ArgumentNullException.ThrowIfNull(image);
        bool read = TryParseNumber(WithoutSuffix(text, out bool returns), out uint number);
        GuestVa address = new(number & ~1u);
        place = read ? new ProbePlace(address, (number & 1) != 0 || IsThumb(image, address), returns) : default;
        return read;
    }

    /// <summary>True where an image has T32 instructions at an address: by its mapping symbols, or where it has none by the function's symbol.</summary>
    public static bool IsThumb(ElfImage image, GuestVa address)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Symbols.EncodingAt(address) switch
        {
            CodeEncoding.T32 => true,
            CodeEncoding.Unknown => image.Symbols.TryNearest(address, out ElfSymbol? symbol) && symbol.Thumb,
            _ => false,
        };
    }

    private static string WithoutSuffix(string text, out bool returns)
    {
        returns = text.EndsWith(ReturnSuffix, StringComparison.Ordinal);
        return returns ? text[..^ReturnSuffix.Length] : text;
    }

    private static bool TryParseNumber(string text, out uint value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
