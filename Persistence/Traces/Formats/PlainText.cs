namespace ActorTrace.Traces.Formats;

/// <summary>Text as trace formats can hold it: one line of printable ASCII.</summary>
internal static class PlainText
{
    /// <summary>Longer markers and symbols are cut, as the kernel cuts a write to trace_marker (TRACE_MARKER_MAX_SIZE).</summary>
    public const int MostBytes = 2048;

    /// <summary>The longest task name.</summary>
    public const int CommBytes = 15;

    /// <summary>Writes a text; whatever is not printable ASCII becomes a question mark.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to; what does not fit is cut.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(string text, Span<byte> destination)
    {
        int length = Math.Min(text.Length, destination.Length);
        for (int i = 0; i < length; i++)
        {
            char character = text[i];
            destination[i] = character is >= ' ' and <= '~' ? (byte)character : (byte)'?';
        }

        return length;
    }
}
