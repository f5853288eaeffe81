namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>Reads lines of limited length from bytes taken as Latin-1, whatever their ends (LF or CR LF).</summary>
/// <param name="input">The bytes.</param>
internal sealed class LineReader(Stream input)
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 1 << 16;

    private readonly byte[] buffer = new byte[LongestLine];
    private readonly char[] line = new char[LongestLine];
    private int next;
    private int end;

    /// <summary>1-based number of the line that was read last.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line; false at the end.</summary>
    /// <param name="text">The line without its end; valid until the next call.</param>
    /// <exception cref="CaptureException">The line is longer than <see cref="LongestLine"/>.</exception>
    public bool TryRead(out ReadOnlySpan<char> text)
    {
        int length = 0;
        bool any = false;
        while (Fill())
        {
            any = true;
            byte value = buffer[next++];
            if (value == (byte)'\n')
            {
                break;
            }

            if (length == LongestLine)
            {
                throw new CaptureException(Number + 1, $"the line is longer than {LongestLine} bytes: this is no ftrace text");
            }

            line[length++] = (char)value;
        }

        if (length > 0 && line[length - 1] == '\r')
        {
            length--;
        }

        Number += any ? 1 : 0;
        text = line.AsSpan(0, length);
        return any;
    }

    private bool Fill()
    {
        if (next < end)
        {
            return true;
        }

        next = 0;
        end = input.Read(buffer);
        return end > 0;
    }
}
