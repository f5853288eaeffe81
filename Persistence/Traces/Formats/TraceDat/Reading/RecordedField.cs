namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>What a field of a file holds.</summary>
internal enum RecordedKind
{
    /// <summary>An integer of 1, 2, 4 or 8 bytes.</summary>
    Number,

    /// <summary>char[N], up to its NUL.</summary>
    FixedText,

    /// <summary>char[] without a length at the end of the record, up to its NUL.</summary>
    TailText,

    /// <summary>__data_loc or __rel_loc char[].</summary>
    DynamicText,

    /// <summary>__data_loc or __rel_loc of anything else.</summary>
    DynamicBytes,

    /// <summary>const char *: an address in the table of printk formats.</summary>
    TextAddress,

    /// <summary>Anything else.</summary>
    Bytes,
}

/// <summary>A field as the format text in a file describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Offset">Bytes from the start of the record.</param>
/// <param name="Size">Bytes there; 0 for a text at the end.</param>
/// <param name="Signed">Whether a number is signed.</param>
/// <param name="Relative">Whether a dynamic field's place counts from its own end (__rel_loc).</param>
internal sealed record RecordedField(string Name, RecordedKind Kind, int Offset, int Size, bool Signed, bool Relative)
{
    /// <summary>Reads a field's declaration, e.g. "__data_loc char[] name" or "char comm[16]".</summary>
    public static RecordedField Of(string declaration, int offset, int size, bool signed)
    {
        string text = declaration.Trim();
        bool relative = text.StartsWith("__rel_loc ", StringComparison.Ordinal);
        bool dynamic = relative || text.StartsWith("__data_loc ", StringComparison.Ordinal);
        bool array = text.EndsWith(']');
        if (array)
        {
            int open = text.LastIndexOf('[');
            text = (open < 0 ? text[..^1] : text[..open]).TrimEnd();
        }

        int blank = text.LastIndexOfAny([' ', '*']);
        string name = text[(blank + 1)..];
        string type = text[..(blank + 1)].Replace("[]", string.Empty, StringComparison.Ordinal).Trim();
        bool isChar = IsChar(type);
        RecordedKind kind = dynamic ? (isChar ? RecordedKind.DynamicText : RecordedKind.DynamicBytes)
            : size == 0 ? (isChar ? RecordedKind.TailText : RecordedKind.Bytes)
            : array ? (isChar ? RecordedKind.FixedText : RecordedKind.Bytes)
            : type.EndsWith('*') && isChar ? RecordedKind.TextAddress
            : size is 1 or 2 or 4 or 8 ? RecordedKind.Number
            : isChar ? RecordedKind.FixedText : RecordedKind.Bytes;
        bool wellFormed = kind switch
        {
            RecordedKind.DynamicText or RecordedKind.DynamicBytes => size == sizeof(uint),
            RecordedKind.TextAddress => size is 4 or 8,
            _ => true,
        };
        return new RecordedField(name, wellFormed ? kind : RecordedKind.Bytes, offset, size, signed, relative);
    }

    private static bool IsChar(string type) =>
        type.TrimEnd('*', ' ').Split(' ') is [.., "char"] words && !words.Contains("unsigned", StringComparer.Ordinal);
}
