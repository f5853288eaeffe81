using System.Text;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>Reads the lines of a UTF-8 text, whatever their ends (LF or CR LF), in constant memory.</summary>
/// <param name="input">The bytes.</param>
internal sealed class LineReader(Stream input)
{
    /// <summary>The longest line that is handed over, in bytes.</summary>
    public const int LongestLine = 1 << 16;

    private readonly byte[] _buffer = new byte[4 * LongestLine];
    private readonly char[] _line = new char[LongestLine];
    private int _next;
    private int _end;

    /// <summary>1-based number of the line that was read last.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line; false at the end.</summary>
    /// <param name="text">The line without its end; valid until the next call. Empty where it was too long and is left out.</param>
    /// <param name="skipLong">Whether too long lines are left out instead of refused.</param>
    /// <exception cref="TraceFileException">The line is longer than <see cref="LongestLine"/>.</exception>
    public bool TryRead(out ReadOnlySpan<char> text, bool skipLong)
    {
        text = default;
        int length = FindEnd();
        if (length < 0)
        {
            return false;
        }

        Number++;
        if (length > LongestLine)
        {
            if (!skipLong)
            {
                throw new TraceFileException(TracePlace.Line(Number), $"the line is longer than {LongestLine} bytes: this is no ftrace text");
            }

            PassLongLine();
            return true;
        }

        ReadOnlySpan<byte> line = _buffer.AsSpan(_next, length);
        _next = Math.Min(_end, _next + length + 1);
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        text = _line.AsSpan(0, Encoding.UTF8.GetChars(line, _line));
        return true;
    }

    /// <summary>Bytes of the next line; -1 at the end, more than <see cref="LongestLine"/> where it is too long.</summary>
    private int FindEnd()
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_next + searched, _end - _next - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return searched + found;
            }

            searched = _end - _next;
            if (searched > LongestLine)
            {
                return searched;
            }

            if (!Fill())
            {
                return searched == 0 ? -1 : searched;
            }
        }
    }

    private void PassLongLine()
    {
        do
        {
            int found = _buffer.AsSpan(_next, _end - _next).IndexOf((byte)'\n');
            _next = found < 0 ? _end : _next + found + 1;
            if (found >= 0)
            {
                return;
            }
        }
        while (Fill());
    }

    private bool Fill()
    {
        _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
        (_next, _end) = (0, _end - _next);
        int read = input.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }
}
