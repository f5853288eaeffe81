using System.Globalization;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>Reads a number as <see cref="EventText"/> and the kernel show it.</summary>
internal static class ValueText
{
    private const int NibblesOfWord = 16;

    /// <summary>Takes a number from the front.</summary>
    /// <param name="text">Where it begins.</param>
    /// <param name="piece">How it is shown.</param>
    /// <param name="value">Sign-extended where its field is signed.</param>
    /// <param name="length">Characters taken.</param>
    /// <returns>False where there is none, or the field cannot hold it.</returns>
    public static bool TryTake(ReadOnlySpan<char> text, TextPiece piece, out ulong value, out int length)
    {
        length = Length(text, piece.Style);
        ReadOnlySpan<char> word = text[..length];
        value = 0;
        switch (piece.Style)
        {
            case FieldStyle.TaskState:
                bool known = TaskStateText.TryParse(word, out uint bits);
                value = bits;
                return known || TryNumber(word, piece.Field!, hexadecimal: false, out value);
            case FieldStyle.Handled:
                value = word is "handled" ? 1UL : 0UL;
                return word is "handled" or "unhandled";
            case FieldStyle.Symbol when TrySymbol(word, piece.Field!, out value):
                return true;
            case FieldStyle.Bitmask:
                return TryMask(text, out value, out length);
            default:
                return TryNumber(word, piece.Field!, piece.Style == FieldStyle.Hexadecimal, out value);
        }
    }

    private static int Length(ReadOnlySpan<char> text, FieldStyle style)
    {
        int end = style == FieldStyle.TaskState ? text.IndexOf(' ') : text.IndexOfAny(" ,)]");
        return end < 0 ? text.Length : end;
    }

    private static bool TrySymbol(ReadOnlySpan<char> word, EventField field, out ulong value)
    {
        foreach ((ulong known, string name) in field.Symbols)
        {
            if (word.SequenceEqual(name))
            {
                value = known;
                return true;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>Groups of 8 hexadecimal digits, the highest first; of more than 64 bits the lowest are taken.</summary>
    private static bool TryMask(ReadOnlySpan<char> text, out ulong value, out int length)
    {
        (value, length) = (0, 0);
        for (; length < text.Length && (char.IsAsciiHexDigit(text[length]) || text[length] == ','); length++)
        {
            value = text[length] == ',' ? value : (value << 4) | Nibble(text[length]);
        }

        return length > 0;
    }

    private static uint Nibble(char digit) => digit <= '9' ? (uint)(digit - '0') : (uint)((digit | 0x20) - 'a' + 10);

    private static bool TryNumber(ReadOnlySpan<char> word, EventField field, bool hexadecimal, out ulong value)
    {
        bool negative = word.StartsWith("-");
        ReadOnlySpan<char> digits = negative ? word[1..] : word;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
            hexadecimal = true;
        }

        NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (digits.Length > NibblesOfWord + 4 || !ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out value))
        {
            value = 0;
            return false;
        }

        ulong most = field.Size >= sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * field.Size)) - 1;
        if (field.Signed && !hexadecimal)
        {
            most >>= 1;
        }

        if (value > most + (negative ? 1UL : 0UL) || (negative && !field.Signed))
        {
            return false;
        }

        value = negative ? 0 - value : value;
        int unused = 64 - (8 * field.Size);
        value = field.Signed ? (ulong)((long)(value << unused) >> unused) : value;
        return true;
    }
}
