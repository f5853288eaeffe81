using System.Globalization;

namespace ActorTrace.Traces.Formats;

/// <summary>The event types of one run: the catalogue, and one for each place that a user's probe was hit at (rtos:SYMBOL).</summary>
/// <remarks>Types of hits come up while a run is read; their numbers are in the order of the first hits.</remarks>
public sealed class EventTypes
{
    /// <summary>Kinds of hits with a type of their own; a journal with more shares <see cref="EventCatalogue.ProbeHit"/> for the rest.</summary>
    public const int MostHitTypes = 4096;

    private const ushort FirstHitId = 1024;
    private const int LongestName = 64;

    private readonly Dictionary<(string Symbol, bool IsReturn), EventType> _hits = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<EventType> _all = [.. EventCatalogue.All];

    /// <summary>All types so far, in order of their number.</summary>
    public IReadOnlyList<EventType> All => _all;

    /// <summary>The type of hits at a symbol.</summary>
    /// <param name="symbol">As the user named the place, e.g. OSTimeDly+0x4.</param>
    internal EventType OfHit(string symbol) => Of(symbol, isReturn: false) ?? EventCatalogue.ProbeHit;

    /// <summary>The type of returns from a function.</summary>
    /// <param name="symbol">As the user named it.</param>
    internal EventType OfReturn(string symbol) => Of(symbol, isReturn: true) ?? EventCatalogue.ProbeReturn;

    /// <summary>Stand-in.</summary>
    public EventType OfForeign(string system, string name)
    {
        if (!_foreign.TryGetValue((system, name), out EventType? known))
        {
            known = new EventType((ushort)(6000 + _foreign.Count), system, name, 0, [new EventField("__data_loc char[]", "fields", FieldKind.DynamicText, 4, Signed: false)], "\"%s\", __get_str(fields)", "{fields}");
            _foreign.Add((system, name), known);
            _all.Add(known);
        }

        return known;
    }

    private readonly Dictionary<(string, string), EventType> _foreign = [];

    private EventType? Of(string symbol, bool isReturn)
    {
        if (_hits.TryGetValue((symbol, isReturn), out EventType? known) || _hits.Count == MostHitTypes)
        {
            return known;
        }

        ushort id = (ushort)(FirstHitId + _hits.Count);
        EventType made = isReturn
            ? EventCatalogue.Return(id, UniqueName(symbol.EndsWith("return", StringComparison.Ordinal) ? symbol : symbol + "_return"))
            : EventCatalogue.Hit(id, UniqueName(symbol));
        _hits.Add((symbol, isReturn), made);
        _all.Add(made);
        return made;
    }

    /// <summary>An event's name is a C identifier: whatever else the symbol holds becomes an underscore.</summary>
    private string UniqueName(string symbol)
    {
        char[] letters = [.. symbol.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')];
        string name = letters.Length == 0 || char.IsAsciiDigit(letters[0]) ? "_" + new string(letters) : new string(letters);
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return unique;
    }
}
