namespace ActorTrace.Traces.Formats.Reading;

/// <summary>What texts of a record can hold.</summary>
internal static class RecordLimits
{
    /// <summary>The longest name of a task.</summary>
    public const int CommCharacters = PlainText.CommBytes;

    /// <summary>The longest text of an event that the catalogue does not have.</summary>
    public const int ForeignCharacters = 1024;

    /// <summary>A text as a record takes it: one line, cut where formats cut it.</summary>
    public static string Text(string text)
    {
        string cut = text.Length > PlainText.MostBytes ? text[..PlainText.MostBytes] : text;
        return cut.AsSpan().ContainsAnyInRange('\0', '\u001F') ? string.Concat(cut.Select(c => c < ' ' ? '?' : c)) : cut;
    }
}
