using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>The symbols of an image: by name, and by address.</summary>
public sealed class SymbolTable
{
    private readonly Dictionary<string, ElfSymbol> _byName = new(StringComparer.Ordinal);
    private readonly ElfSymbol[] _byAddress;
    private readonly (uint Address, CodeEncoding Encoding)[] _mapping;

    /// <summary>Orders the symbols.</summary>
    /// <param name="symbols">The symbols, in any order.</param>
    /// <param name="mapping">Mapping symbols: from which address on the bytes are code or data.</param>
    public SymbolTable(
        IReadOnlyCollection<ElfSymbol> symbols, IEnumerable<(GuestVa Address, CodeEncoding Encoding)> mapping)
    {
        All = [.. symbols
            .OrderBy(s => s.Address.Value)
            .ThenBy(Rank)
            .ThenBy(s => s.Name, StringComparer.Ordinal)];
        _mapping = [.. mapping.Select(m => (m.Address.Value, m.Encoding)).OrderBy(m => m.Value)];
        _byAddress = [.. All.Where(s => !s.Absolute)];
        foreach (var symbol in All)
        {
            // A global name stands for what the linker resolved it to, a local one only where there is no global.
            if (!_byName.TryGetValue(symbol.Name, out var present) || (symbol.Global && !present.Global))
            {
                _byName[symbol.Name] = symbol;
            }
        }
    }

    /// <summary>All symbols, ascending by address, functions before variables before labels.</summary>
    public IReadOnlyList<ElfSymbol> All { get; }

    /// <summary>Finds a symbol by its name: a global one, else the local one with the lowest address.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ElfSymbol? symbol) =>
        _byName.TryGetValue(name, out symbol);

    /// <summary>Finds the address of <c>symbol</c>, <c>symbol+0x4</c> or <c>symbol+4</c>, or of a plain number
    /// (0x... or decimal).</summary>
    /// <returns>False where the text is none of these or the symbol is unknown.</returns>
    public bool TryResolve(string location, out GuestVa address)
    {
        address = default;
        if (TryParseNumber(location, out uint plain))
        {
            address = new GuestVa(plain);
            return true;
        }

        // A name may itself hold a plus sign, so the whole text is tried first.
        if (TryFind(location, out var exact))
        {
            address = exact.Address;
            return true;
        }

        int plus = location.LastIndexOf('+');
        if (plus <= 0
            || !TryFind(location[..plus].Trim(), out var symbol)
            || !TryParseNumber(location[(plus + 1)..].Trim(), out uint offset))
        {
            return false;
        }

        address = new GuestVa(symbol.Address.Value + offset);
        return true;
    }

    /// <summary>Finds the last symbol at or below an address; absolute ones are no places.</summary>
    public bool TryNearest(GuestVa address, [NotNullWhen(true)] out ElfSymbol? symbol)
    {
        int low = 0;
        int high = _byAddress.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _byAddress[middle].Address.Value < address.Value ? (middle + 1, high) : (low, middle);
        }

        if (low < _byAddress.Length && _byAddress[low].Address == address)
        {
            symbol = _byAddress[low];
            return true;
        }

        symbol = null;
        if (low == 0)
        {
            return false;
        }

        // Of several symbols at one address the first is the best name.
        uint nearest = _byAddress[low - 1].Address.Value;
        while (low > 0 && _byAddress[low - 1].Address.Value == nearest)
        {
            low--;
        }

        symbol = _byAddress[low];
        return true;
    }

    /// <summary>An address for people: "OSCtxSw", "OSCtxSw+0x4", or "0x40008000" below the first symbol.</summary>
    public string Describe(GuestVa address)
    {
        if (!TryNearest(address, out var symbol))
        {
            return $"0x{address.Value:x8}";
        }

        uint offset = address.Value - symbol.Address.Value;
        return offset == 0 ? symbol.Name : $"{symbol.Name}+0x{offset:x}";
    }

    /// <summary>How the bytes at an address are to be read.</summary>
    public CodeEncoding EncodingAt(GuestVa address)
    {
        int low = 0;
        int high = _mapping.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _mapping[middle].Address <= address.Value ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? CodeEncoding.Unknown : _mapping[low - 1].Encoding;
    }

    private static int Rank(ElfSymbol symbol) => (symbol.Global ? 0 : 3) + symbol.Kind switch
    {
        ElfSymbolKind.Function => 0,
        ElfSymbolKind.Object => 1,
        _ => 2,
    };

    private static bool TryParseNumber(string text, out uint value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
