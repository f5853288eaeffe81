using System.Globalization;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>A place to probe, as a user writes it: <c>SYMBOL</c>, <c>SYMBOL+0x4</c> or an address, then <c>/return</c> for the returns of the function there.</summary>
/// <param name="Address">Guest virtual address.</param>
/// <param name="Thumb">T32 instructions are there.</param>
/// <param name="OnReturn">The function's returns, not the arrivals at the address.</param>
public readonly record struct ProbePlace(GuestVa Address, bool Thumb, bool OnReturn)
{
    private const string ReturnSuffix = "/return";

    /// <summary>Reads a symbol with or without offset; a plain number is none.</summary>
    /// <param name="image">The guest's image.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="place">The place.</param>
    /// <param name="problem">Why the place cannot be probed; null where there is no such symbol.</param>
    public static bool TryParseSymbol(ElfImage image, string text, out ProbePlace place, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(image);
        string symbol = WithoutSuffix(text, out bool onReturn);
        (place, problem) = (default, null);
        return !TryParseNumber(symbol) && image.Symbols.TryResolve(symbol, out _) && TryFind(image, symbol, onReturn, out place, out problem);
    }

    /// <summary>Reads an address, decimal or 0x...; bit 0 set says T32, as in a branch to it.</summary>
    /// <param name="image">The guest's image.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="place">The place.</param>
    /// <param name="problem">Why the place cannot be probed; null where the text is no address.</param>
    public static bool TryParseAddress(ElfImage image, string text, out ProbePlace place, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(image);
        string address = WithoutSuffix(text, out bool onReturn);
        (place, problem) = (default, null);
        return TryParseNumber(address) && TryFind(image, address, onReturn, out place, out problem);
    }

    private static bool TryFind(ElfImage image, string location, bool onReturn, out ProbePlace place, out string? problem)
    {
        problem = CodePlace.TryFind(image, location, out CodePlace found);
        place = new ProbePlace(found.Address, found.Encoding == CodeEncoding.T32, onReturn);
        return problem is null;
    }

    private static string WithoutSuffix(string text, out bool onReturn)
    {
        onReturn = text.EndsWith(ReturnSuffix, StringComparison.Ordinal);
        return onReturn ? text[..^ReturnSuffix.Length] : text;
    }

    private static bool TryParseNumber(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
