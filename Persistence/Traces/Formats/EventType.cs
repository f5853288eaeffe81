namespace ActorTrace.Traces.Formats;

/// <summary>How a field is stored in a ring buffer event.</summary>
public enum FieldKind
{
    /// <summary>An integer of 4 or 8 bytes.</summary>
    Number,

    /// <summary>char[16], a task's name.</summary>
    Comm,

    /// <summary>__data_loc char[]: a word that says where behind the fixed fields the text stands.</summary>
    DynamicText,

    /// <summary>char[] of unknown length at the end (print's buf).</summary>
    TailText,

    /// <summary>const char *: an address, and the trace's table of texts says what stands there.</summary>
    StaticText,

    /// <summary>__data_loc unsigned long[]: as DynamicText, for one word of bits.</summary>
    Bitmask,
}

/// <summary>How ftrace text shows a field.</summary>
public enum FieldStyle
{
    /// <summary>Signed decimal.</summary>
    Decimal,

    /// <summary>Decimal of at least three digits, as the kernel shows target_cpu.</summary>
    ThreeDigits,

    /// <summary>0x and hexadecimal digits.</summary>
    Hexadecimal,

    /// <summary>prev_state as letters: R, or S, D, ... joined by |.</summary>
    TaskState,

    /// <summary>handled or unhandled.</summary>
    Handled,

    /// <summary>The number's name among the field's symbols; a number without one in hexadecimal.</summary>
    Symbol,

    /// <summary>A word of bits as two groups of eight hexadecimal digits.</summary>
    Bitmask,

    /// <summary>The text itself.</summary>
    Text,
}

/// <summary>A field of an event type.</summary>
/// <param name="CType">Its C type as the kernel's format file names it, without array bounds.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it is stored.</param>
/// <param name="Size">Bytes in the fixed part.</param>
/// <param name="Signed">Whether the format file says signed.</param>
public sealed record EventField(string CType, string Name, FieldKind Kind, int Size, bool Signed)
{
    /// <summary>Names of its values, for <see cref="FieldStyle.Symbol"/>.</summary>
    public IReadOnlyList<(ulong Value, string Name)> Symbols { get; init; } = [];

    /// <summary>Whether it is one of the event's texts; else it is one of its numbers.</summary>
    public bool IsText => Kind is not (FieldKind.Number or FieldKind.Bitmask);

    /// <summary>Place among the numbers or among the texts of the event; set by the type.</summary>
    public int Slot { get; init; }

    /// <summary>Of a static text: place of its address among the numbers; set by the type.</summary>
    public int AddressSlot { get; init; }

    /// <summary>Bytes from the start of the record, the 8 common bytes included; set by the type.</summary>
    public int Offset { get; init; }
}

/// <summary>A piece of an event's line in ftrace text: a literal and then a field.</summary>
/// <param name="Literal">UTF-8 bytes to write first.</param>
/// <param name="Field">What follows; null at the end of the line.</param>
/// <param name="Style">How it is shown.</param>
public sealed record TextPiece(ReadOnlyMemory<byte> Literal, EventField? Field, FieldStyle Style);

/// <summary>An event type: one row of the <see cref="EventCatalogue"/>.</summary>
public sealed class EventType
{
    private const int CommonBytes = 8;

    /// <summary>Lays a type out.</summary>
    /// <param name="id">Number in binary formats, unique over all systems.</param>
    /// <param name="system">Tracing subsystem.</param>
    /// <param name="name">Event name.</param>
    /// <param name="flags">common_flags: 1 interrupts off, 8 in a hard interrupt, 16 in a softirq.</param>
    /// <param name="fields">Fields in order, without slot and offset.</param>
    /// <param name="printFormat">The print fmt line of the format file.</param>
    /// <param name="text">Its line in ftrace text: {name} or {name:style} stands for a field, style one of d, 3, x, state, handled, symbol, mask.</param>
    public EventType(ushort id, string system, string name, byte flags, EventField[] fields, string printFormat, string text)
    {
        (Id, System, Name, Flags, PrintFormat) = (id, system, name, flags, printFormat);
        Fields = Place(fields);
        FixedBytes = Fields.Length == 0 ? CommonBytes : Fields[^1].Offset + Fields[^1].Size;
        Pieces = EventTextTemplate.Parse(text, Fields);
    }

    /// <summary>Number in binary formats.</summary>
    public ushort Id { get; }

    /// <summary>Tracing subsystem.</summary>
    public string System { get; }

    /// <summary>Event name.</summary>
    public string Name { get; }

    /// <summary>The name in front of the line in ftrace text; print is shown as tracing_mark_write.</summary>
    public string TextName => Id == EventCatalogue.PrintId ? EventCatalogue.MarkerFunction : Name;

    /// <summary>common_flags of its events.</summary>
    public byte Flags { get; }

    /// <summary>Fields behind the common ones, in order of offset.</summary>
    public EventField[] Fields { get; }

    /// <summary>Bytes of the fixed part, common fields included.</summary>
    public int FixedBytes { get; }

    /// <summary>The print fmt line of the format file.</summary>
    public string PrintFormat { get; }

    /// <summary>Its line in ftrace text.</summary>
    public IReadOnlyList<TextPiece> Pieces { get; }

    private static EventField[] Place(EventField[] fields)
    {
        var placed = new EventField[fields.Length];
        (int numbers, int texts, int offset) = (0, 0, CommonBytes);
        for (int i = 0; i < fields.Length; i++)
        {
            int alignment = fields[i].Kind is FieldKind.Number or FieldKind.StaticText ? fields[i].Size : sizeof(uint);
            offset = (offset + alignment - 1) / alignment * alignment;
            int slot = fields[i].IsText ? texts++ : numbers++;
            placed[i] = fields[i] with { Slot = slot, AddressSlot = fields[i].Kind == FieldKind.StaticText ? numbers++ : 0, Offset = offset };
            offset += fields[i].Size;
        }

        return numbers <= EventNumbers.Length ? placed : throw new ArgumentException($"{numbers} numeric fields", nameof(fields));
    }
}
