using System.Globalization;

namespace ActorTrace.Traces.Formats;

/// <summary>
/// The event types of one run: the catalogue, one for each place that a user's probe was hit at (rtos:SYMBOL), and one for each
/// kind of event that came in with an imported trace.
/// </summary>
/// <remarks>These types come up while a run is read; their numbers are in the order of the first events.</remarks>
public sealed class EventTypes
{
    /// <summary>Types that are not in the catalogue; a journal with more shares <see cref="EventCatalogue.ProbeHit"/> and its like for the rest.</summary>
    public const int MostOwnTypes = 4096;

    private const ushort FirstOwnId = 1024;
    private const int LongestName = 64;
    private const int MostStaticTexts = 4096;
    private const string OtherText = "(other)";
    private const string Rtos = "rtos";

    // Where kernels have their read-only data; any place that no function has.
    private const ulong FirstTextAddress = 0xFFFF_FFFF_8200_0000;
    private const ulong TextSpacing = 256;

    // Tools know these by their names and read fields that a foreign event does not have; trace-cmd ends at a bprint.
    private static readonly string[] ReadByName =
    [
        "ftrace:bprint", "ftrace:bputs", "ftrace:function", "ftrace:funcgraph_entry", "ftrace:funcgraph_exit", "ftrace:kernel_stack", "ftrace:user_stack",
    ];

    private readonly Dictionary<(string System, string Name, TypeKind Kind), EventType> _own = [];
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, ulong> _texts = new(StringComparer.Ordinal);
    private readonly List<EventType> _all;

    /// <summary>The types that are known before the run is read.</summary>
    /// <param name="more">Types of a format's own, numbered above the catalogue's and below 1024.</param>
    public EventTypes(params IEnumerable<EventType> more)
    {
        _all = [.. EventCatalogue.All, .. more];
        _names = [.. _all.Select(type => type.System + ":" + type.Name), .. ReadByName];
    }

    /// <summary>All types so far, in order of their number.</summary>
    public IReadOnlyList<EventType> All => _all;

    /// <summary>The texts that events point to, with their addresses, in order of address.</summary>
    public IEnumerable<KeyValuePair<string, ulong>> StaticTexts => _texts.OrderBy(text => text.Value);

    /// <summary>The type of hits at a symbol.</summary>
    /// <param name="symbol">As the user named the place, e.g. OSTimeDly+0x4.</param>
    internal EventType OfHit(string symbol) => Of(Rtos, symbol, TypeKind.Hit) ?? EventCatalogue.ProbeHit;

    /// <summary>The type of returns from a function.</summary>
    /// <param name="symbol">As the user named it.</param>
    internal EventType OfReturn(string symbol) => Of(Rtos, symbol, TypeKind.Return) ?? EventCatalogue.ProbeReturn;

    /// <summary>The type of an event that the catalogue does not have; its only field is a text.</summary>
    /// <param name="system">Tracing subsystem.</param>
    /// <param name="name">Event name.</param>
    public EventType OfForeign(string system, string name) => Of(system, name, TypeKind.Foreign) ?? EventCatalogue.ForeignEvent;

    /// <summary>Where a text stands that events point to; the same for the same text.</summary>
    internal ulong AddressOf(string text)
    {
        if (!_texts.TryGetValue(text, out ulong address))
        {
            text = _texts.Count < MostStaticTexts ? text : OtherText;
            address = FirstTextAddress + (TextSpacing * (ulong)_texts.Count);
            address = _texts.TryAdd(text, address) ? address : _texts[text];
        }

        return address;
    }

    private EventType? Of(string system, string name, TypeKind kind)
    {
        if (_own.TryGetValue((system, name, kind), out EventType? known) || _own.Count == MostOwnTypes)
        {
            return known;
        }

        ushort id = (ushort)(FirstOwnId + _own.Count);
        EventType made = kind switch
        {
            TypeKind.Hit => EventCatalogue.Hit(id, UniqueName(system, name)),
            TypeKind.Return => EventCatalogue.Return(id, UniqueName(system, name.EndsWith("return", StringComparison.Ordinal) ? name : name + "_return")),
            _ => EventCatalogue.Foreign(id, Identifier(system), UniqueName(Identifier(system), name)),
        };
        _own.Add((system, name, kind), made);
        _all.Add(made);
        return made;
    }

    private string UniqueName(string system, string name)
    {
        string plain = Identifier(name);
        string unique = plain;
        for (int i = 2; !_names.Add(system + ":" + unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{plain}_{i}");
        }

        return unique;
    }

    /// <summary>An event's name is a C identifier: whatever else a symbol holds becomes an underscore.</summary>
    private static string Identifier(string symbol)
    {
        char[] letters = [.. symbol.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')];
        return letters.Length == 0 || char.IsAsciiDigit(letters[0]) ? "_" + new string(letters) : new string(letters);
    }

    private enum TypeKind
    {
        Hit,
        Return,
        Foreign,
    }
}
