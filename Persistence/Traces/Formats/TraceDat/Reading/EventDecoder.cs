using System.Text;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Makes events of the records of one type: of the catalogue's type where its fields are there, else of a foreign type.</summary>
internal sealed class EventDecoder
{
    private readonly RecordBytes _bytes;
    private readonly RecordedFormat _format;
    private readonly RecordedField? _pid;
    private readonly EventType _type;
    private readonly EventTypes _types;
    private readonly int _wordBytes;
    private readonly (int Slot, RecordedField Field)[] _numbers = [];
    private readonly EventField? _staticText;
    private readonly RecordedField?[] _texts = [null, null];
    private readonly string? _symbol;
    private readonly bool _foreign;
    private readonly StringBuilder _text = new();

    /// <summary>Finds out what a recorded type is.</summary>
    /// <param name="format">The type as the file describes it.</param>
    /// <param name="types">Gets the type where the catalogue does not have it.</param>
    /// <param name="bytes">Takes the fields out of records.</param>
    /// <param name="wordBytes">Bytes of the kernel's long.</param>
    public EventDecoder(RecordedFormat format, EventTypes types, RecordBytes bytes, int wordBytes)
    {
        (_format, _bytes, _types, _wordBytes) = (format, bytes, types, wordBytes);
        _pid = format.Common.FirstOrDefault(field => field is { Name: "common_pid", Kind: RecordedKind.Number });
        if ((EventCatalogue.Find(format.System, format.Name) ?? Probe(format, types, out _symbol)) is { } type && Fit(type) is { } numbers)
        {
            (_type, _numbers) = (type, numbers);
            _staticText = type.Fields.FirstOrDefault(field => field.Kind == FieldKind.StaticText);
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
            numbers[slot] = field.Kind == RecordedKind.Number ? _bytes.Number(record, field) : _bytes.Mask(record, field, _wordBytes);
        }

        string text0 = _foreign ? Foreign(record) : _symbol ?? Text(record, 0);
        if (_staticText is not null)
        {
            numbers[_staticText.AddressSlot] = _types.AddressOf(text0);
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
            Text0 = text0,
            Text1 = Text(record, 1),
        };
    }

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
        if (_format.Fields is [{ Name: "fields", Kind: RecordedKind.DynamicText } only])
        {
            // A foreign event that this project wrote: its fields are a text already.
            return _bytes.Text(record, only);
        }

        _text.Clear();
        foreach (RecordedField field in _format.Fields)
        {
            _text.Append(_text.Length == 0 ? string.Empty : " ").Append(field.Name).Append('=');
            _bytes.Show(_text, record, field);
            if (_text.Length >= RecordLimits.ForeignCharacters)
            {
                _text.Length = RecordLimits.ForeignCharacters;
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

            if (wanted.IsText)
            {
                _texts[wanted.Slot] = found;
            }
            else
            {
                numbers.Add((wanted.Slot, found));
            }
        }

        return [.. numbers];
    }

    private static bool Holds(RecordedKind found, FieldKind wanted) => wanted switch
    {
        FieldKind.Number => found == RecordedKind.Number,
        FieldKind.Bitmask => found == RecordedKind.DynamicBytes,
        _ => found is RecordedKind.FixedText or RecordedKind.DynamicText or RecordedKind.TailText or RecordedKind.TextAddress,
    };
}
