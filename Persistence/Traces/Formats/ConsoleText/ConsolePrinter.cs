using System.Globalization;
using System.Text;
using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Formats.ConsoleText;

/// <summary>
/// Prints what guests write to their consoles. Guests are not trusted: what a terminal would obey (control characters, escape sequences,
/// marks that change the direction of text) is shown as \x1b or \u202e, what is no UTF-8 as U+FFFD. A carriage return beside a line feed
/// is left out.
/// </summary>
/// <param name="output">Where to.</param>
public sealed class ConsolePrinter(TextWriter output)
{
    private readonly Dictionary<GuestId, Decoder> decoders = [];
    private readonly StringBuilder line = new();
    private GuestId? present;
    private string prefix = "";
    private bool atLineStart = true;
    private bool afterReturn;
    private char high;

    /// <summary>Prints bytes.</summary>
    /// <param name="guest">Who wrote them.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="linePrefix">Stands before each line that begins here.</param>
    public void Write(GuestId guest, ReadOnlySpan<byte> bytes, string linePrefix = "")
    {
        if (present is { } before && before != guest)
        {
            EndLine();
        }

        present = guest;
        prefix = linePrefix;
        if (!decoders.TryGetValue(guest, out Decoder? decoder))
        {
            decoders[guest] = decoder = Encoding.UTF8.GetDecoder();
        }

        char[] characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int count = decoder.GetChars(bytes, characters, flush: false);
        foreach (char character in characters.AsSpan(0, count))
        {
            Add(character);
        }

        output.Write(line.ToString());
        line.Clear();
    }

    /// <summary>Ends the line that was begun, so that what follows begins one.</summary>
    public void EndLine()
    {
        EndReturn();
        if (!atLineStart)
        {
            line.Append('\n');
            atLineStart = true;
        }

        output.Write(line.ToString());
        line.Clear();
    }

    private void Add(char character)
    {
        switch (character)
        {
            case '\n':
                afterReturn = false;
                Begin();
                line.Append('\n');
                atLineStart = true;
                return;
            case '\r':
                afterReturn = !atLineStart;
                return;
            default:
                EndReturn();
                break;
        }

        Begin();
        if (char.IsHighSurrogate(character))
        {
            high = character;
            return;
        }

        int codePoint = char.IsLowSurrogate(character) ? char.ConvertToUtf32(high, character) : character;
        line.Append(
            character == '\t' || IsHarmless(codePoint) ? char.ConvertFromUtf32(codePoint)
            : codePoint < 0x100 ? string.Create(CultureInfo.InvariantCulture, $"\\x{codePoint:x2}")
            : string.Create(CultureInfo.InvariantCulture, $"\\u{codePoint:x4}"));
    }

    /// <summary>A return that no line feed follows would overwrite the line.</summary>
    private void EndReturn()
    {
        if (afterReturn)
        {
            afterReturn = false;
            Begin();
            line.Append("\\x0d");
        }
    }

    private void Begin()
    {
        if (atLineStart)
        {
            line.Append(prefix);
            atLineStart = false;
        }
    }

    private static bool IsHarmless(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
