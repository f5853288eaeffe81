using System.Text;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>Reads the arguments of an event back by the template that they are written with (<see cref="EventType.Pieces"/>).</summary>
/// <remarks>
/// A field is found by the literal in front of it, such as " next_pid="; fields that other kernels have in between do not
/// matter. A text may hold anything, also pieces of the format: what stands in front of the first text
/// is found from the left, what stands behind it from the right.
/// </remarks>
internal sealed class ArgumentParser
{
    private readonly (string Key, TextPiece Piece)[] _fields;
    private readonly string _tail;
    private readonly int _firstText;

    /// <summary>A parser for a type.</summary>
    public ArgumentParser(EventType type)
    {
        TextPiece[] pieces = [.. type.Pieces.Where(piece => piece.Field is not null)];
        _fields = [.. pieces.Select(piece => (Encoding.UTF8.GetString(piece.Literal.Span), piece))];
        _tail = type.Pieces is [.., { Field: null } last] ? Encoding.UTF8.GetString(last.Literal.Span) : string.Empty;
        int text = Array.FindIndex(pieces, piece => piece.Style == FieldStyle.Text);
        _firstText = text < 0 ? pieces.Length : text;
    }

    /// <summary>Reads the arguments; false where they do not have the form.</summary>
    /// <param name="arguments">What follows the event's name.</param>
    /// <param name="numbers">Takes the numbers.</param>
    /// <param name="text0">The first text.</param>
    /// <param name="text1">The second text.</param>
    public bool TryParse(
        ReadOnlySpan<char> arguments, scoped ref EventNumbers numbers, out ReadOnlySpan<char> text0, out ReadOnlySpan<char> text1)
    {
        text0 = text1 = default;
        if (_tail.Length > 0 && arguments.EndsWith(_tail, StringComparison.Ordinal))
        {
            arguments = arguments[..^_tail.Length];
        }

        int from = 0;
        for (int i = 0; i < Math.Min(_firstText + 1, _fields.Length); i++)
        {
            (string key, TextPiece piece) = _fields[i];
            int at = i == 0 ? (arguments.StartsWith(key, StringComparison.Ordinal) ? 0 : -1) : arguments[from..].IndexOf(key, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            from += at + key.Length;
            if (i < _firstText && !TryNumber(arguments, piece, ref from, ref numbers))
            {
                return false;
            }
        }

        ReadOnlySpan<char> rest = arguments[from..];
        for (int i = _fields.Length - 1; i > _firstText; i--)
        {
            (string key, TextPiece piece) = _fields[i];
            int at = rest.LastIndexOf(key, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            ReadOnlySpan<char> value = rest[(at + key.Length)..];
            rest = rest[..at];
            int begin = 0;
            if (piece.Style == FieldStyle.Text)
            {
                text1 = value;
            }
            else if (!TryNumber(value, piece, ref begin, ref numbers))
            {
                return false;
            }
        }

        text0 = _firstText < _fields.Length ? rest : default;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, TextPiece piece, scoped ref int from, scoped ref EventNumbers numbers)
    {
        if (!ValueText.TryTake(text[from..], piece, out ulong value, out int length))
        {
            return false;
        }

        from += length;
        numbers[piece.Field!.Slot] = value;
        return true;
    }
}
