using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Makes events of the records of one type: of the catalogue's type where its fields are there, else of a foreign type.</summary>
internal sealed class EventDecoder
{
    /// <summary>Longer texts of foreign events are cut.</summary>
    public const int MostForeignText = 1024;

    private static readonly Dictionary<(string System, string Name), EventType> Catalogue =
        EventCatalogue.All.ToDictionary(type => (type.System, type.Name));

    private readonly RecordBytes _bytes;
    private readonly RecordedFormat _format;
    private readonly RecordedField? _pid;
    private readonly EventType _type;
    private readonly (int Slot, RecordedField Field)[] _numbers = [];
    private readonly RecordedField?[] _texts = [null, null];
    private readonly string? _symbol;
    private readonly bool _foreign;
    private readonly StringBuilder _text = new();

    /// <summary>Finds out what a recorded type is.</summary>
    public EventDecoder(RecordedFormat format, EventTypes types, RecordBytes bytes)
    {
        (_format, _bytes) = (format, bytes);
        _pid = format.Common.FirstOrDefault(field => field is { Name: "common_pid", Kind: RecordedKind.Number });
        if ((Known(format) ?? Probe(format, types, out _symbol)) is { } type && Fit(type) is { } numbers)
        {
            (_type, _numbers) = (type, numbers);
            return;
        }

        _type = types.OfForeign(format.System, format.Name);
        _foreign = true;
    }

    /// <summary>Makes an event.</summary>
    /// <exception cref="RecordTooShortException">The record ends before a field.</exception>
    public TraceEvent Decode(ReadOnlySpan<byte> record, ulong nanoseconds, int cpu, TaskNames names)
    {
        var numbers = new EventNumbers();
        foreach ((int slot, RecordedField field) in _numbers)
        {
            numbers[slot] = _bytes.Number(record, field);
        }

        int pid = _pid is null ? 0 : (int)_bytes.Number(record, _pid);
        return new TraceEvent
        {
            Type = _type,
            Nanoseconds = nanoseconds,
            Cpu = cpu,
            Pid = pid,
            Comm = names.Of(pid, cpu),
            Tgid = pid == 0 ? -1 : pid,
            Numbers = numbers,
            Text0 = _foreign ? Foreign(record) : _symbol ?? Text(record, 0),
            Text1 = Text(record, 1),
        };
    }

    private static EventType? Known(RecordedFormat format) => Catalogue.GetValueOrDefault((format.System, format.Name));

    /// <summary>The type of a probed place, which is not in the catalogue: an event of system rtos with the fields of one.</summary>
    private static EventType? Probe(RecordedFormat format, EventTypes types, out string? symbol)
    {
        const string back = "_return";
        bool Has(string name) => format.Fields.Any(field => string.Equals(field.Name, name, StringComparison.Ordinal));
        symbol = format.Name;
        if (format.System is not "rtos" || !Has("pc") || !Has("sp"))
        {
            symbol = null;
            return null;
        }

        if (Has("caller"))
        {
            return types.OfHit(symbol);
        }

        symbol = symbol.EndsWith(back, StringComparison.Ordinal) ? symbol[..^back.Length] : symbol;
        return Has("function") && Has("duration") ? types.OfReturn(symbol) : null;
    }

    private string Text(ReadOnlySpan<byte> record, int slot) => _texts[slot] is { } field ? _bytes.Text(record, field) : string.Empty;

    private string Foreign(ReadOnlySpan<byte> record)
    {
        _text.Clear();
        foreach (RecordedField field in _format.Fields)
        {
            _text.Append(_text.Length == 0 ? string.Empty : " ").Append(field.Name).Append('=');
            _bytes.Show(_text, record, field);
            if (_text.Length >= MostForeignText)
            {
                _text.Length = MostForeignText;
                break;
            }
        }

        return _text.ToString();
    }

    /// <summary>Where the file has the numbers of a type (its texts go to <see cref="_texts"/>); null where it lacks a field.</summary>
    private (int Slot, RecordedField Field)[]? Fit(EventType type)
    {
        var numbers = new List<(int Slot, RecordedField Field)>();
        foreach (EventField wanted in type.Fields)
        {
            RecordedField? found = _format.Fields.FirstOrDefault(field => string.Equals(field.Name, wanted.Name, StringComparison.Ordinal));
            if (found is null || !Holds(found.Kind, wanted.Kind))
            {
                return null;
            }

            if (wanted.Kind == FieldKind.Number)
            {
                numbers.Add((wanted.Slot, found));
            }
            else
            {
                _texts[wanted.Slot] = found;
            }
        }

        return [.. numbers];
    }

    private static bool Holds(RecordedKind found, FieldKind wanted) => wanted switch
    {
        FieldKind.Number => found == RecordedKind.Number,
        _ => found is RecordedKind.FixedText or RecordedKind.DynamicText or RecordedKind.TailText or RecordedKind.TextAddress,
    };
}
