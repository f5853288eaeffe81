namespace ActorTrace.Traces.Formats.Reading;

/// <summary>Makes one string of equal texts: a trace names few tasks and functions millions of times.</summary>
internal sealed class TextCache
{
    // Texts come out of untrusted files: beyond these bounds the strings are made anew instead of kept.
    private const int MostTexts = 1 << 14;
    private const int LongestText = 128;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TextCache() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text as a string.</summary>
    public string Of(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return string.Empty;
        }

        if (_lookup.TryGetValue(text, out string? known))
        {
            return known;
        }

        string made = text.ToString();
        if (_texts.Count < MostTexts && made.Length <= LongestText)
        {
            _texts.Add(made);
        }

        return made;
    }

    /// <summary>UTF-8 bytes as a string.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText)
        {
            return System.Text.Encoding.UTF8.GetString(utf8);
        }

        Span<char> characters = stackalloc char[LongestText];
        return Of(characters[..System.Text.Encoding.UTF8.GetChars(utf8, characters)]);
    }
}
