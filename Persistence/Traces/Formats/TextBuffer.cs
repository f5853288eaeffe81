using System.Buffers;
using System.Buffers.Text;

namespace ActorTrace.Traces.Formats;

/// <summary>What stands before a quotation mark inside a text.</summary>
internal enum Quoting
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Another one (RFC 4180).</summary>
    Doubled,

    /// <summary>A backslash, as before a backslash (RFC 8259).</summary>
    Escaped,
}

/// <summary>Text on its way to a stream, as bytes. Lines are bounded, so that any line fits behind the mark at which it is flushed.</summary>
/// <param name="output">The stream.</param>
/// <param name="quoting">How quotation marks in texts are written.</param>
internal sealed class TextBuffer(Stream output, Quoting quoting = Quoting.None)
{
    private const int FlushAt = 1 << 16;
    private const int LongestLine = 1 << 14;

    private readonly byte[] _bytes = new byte[FlushAt + LongestLine];
    private int _used;

    /// <summary>UTF-8 as it is.</summary>
    public void Literal(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }

    /// <summary>One byte.</summary>
    public void Literal(byte character) => _bytes[_used++] = character;

    /// <summary>A text, as printable ASCII, cut at its bound.</summary>
    public void Text(string text)
    {
        int start = _used;
        _used += PlainText.Write(text, _bytes.AsSpan(_used, PlainText.MostBytes));
        if (quoting != Quoting.None && _bytes.AsSpan(start, _used - start).IndexOfAny((byte)'"', (byte)'\\') >= 0)
        {
            Quote(start);
        }
    }

    /// <summary>A task's name, cut where the kernel cuts it.</summary>
    public void Comm(string comm) => Text(comm.Length > PlainText.CommBytes ? comm[..PlainText.CommBytes] : comm);

    private void Quote(int start)
    {
        byte[] plain = _bytes[start.._used];
        _used = start;
        foreach (byte character in plain)
        {
            if (character == '"' || (character == '\\' && quoting == Quoting.Escaped))
            {
                _bytes[_used++] = quoting == Quoting.Doubled ? (byte)'"' : (byte)'\\';
            }

            _bytes[_used++] = character;
        }
    }

    /// <summary>A number; answers how many characters it has.</summary>
    public int Number(long value)
    {
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_used), out int digits);
        _used += digits;
        return digits;
    }

    /// <summary>A number.</summary>
    public void Number(ulong value)
    {
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_used), out int digits);
        _used += digits;
    }

    /// <summary>A number of at least a width.</summary>
    public void Number(ulong value, int width, char padding)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, digits, out int length);
        for (int i = length; i < width; i++)
        {
            _bytes[_used++] = (byte)padding;
        }

        Literal(digits[..length]);
    }

    /// <summary>0x and hexadecimal digits.</summary>
    public void Hexadecimal(ulong value)
    {
        Literal("0x"u8);
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_used), out int digits, new StandardFormat('x'));
        _used += digits;
    }

    /// <summary>A word of bits, upper half first: xxxxxxxx,xxxxxxxx.</summary>
    public void Bitmask(ulong bits)
    {
        const int nibbles = 16;
        for (int i = nibbles - 1; i >= 0; i--)
        {
            _bytes[_used++] = "0123456789abcdef"u8[(int)(bits >> (4 * i) & 15)];
            if (i == nibbles / 2)
            {
                _bytes[_used++] = (byte)',';
            }
        }
    }

    /// <summary>Blanks; none for a number that is not positive.</summary>
    public void Pad(int blanks)
    {
        for (int i = 0; i < blanks; i++)
        {
            _bytes[_used++] = (byte)' ';
        }
    }

    /// <summary>Ends a line.</summary>
    public void EndLine()
    {
        _bytes[_used++] = (byte)'\n';
        if (_used >= FlushAt)
        {
            Flush();
        }
    }

    /// <summary>Hands what there is to the stream.</summary>
    public void Flush()
    {
        output.Write(_bytes, 0, _used);
        _used = 0;
    }
}
