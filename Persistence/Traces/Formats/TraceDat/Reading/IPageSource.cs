namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>The pages of one CPU, one after the other.</summary>
internal interface IPageSource
{
    /// <summary>Whether places within a page are none of the file.</summary>
    bool IsPacked { get; }

    /// <summary>Reads the next page; false at the end.</summary>
    /// <param name="page">A page long; what the file does not have of it becomes zero.</param>
    /// <param name="offset">Where it, or what it was unpacked from, stands in the file.</param>
    bool TryRead(Span<byte> page, out long offset);
}

/// <summary>Pages as they stand in the file.</summary>
/// <param name="stream">The file.</param>
/// <param name="start">Offset of the first page.</param>
/// <param name="length">Bytes of all pages; the file has them.</param>
internal sealed class PlainPages(Stream stream, long start, long length) : IPageSource
{
    private readonly long _end = start + length;
    private long _next = start;

    /// <inheritdoc/>
    public bool IsPacked => false;

    /// <inheritdoc/>
    public bool TryRead(Span<byte> page, out long offset)
    {
        offset = _next;
        if (_next >= _end)
        {
            return false;
        }

        stream.Position = _next;
        int wanted = (int)Math.Min(page.Length, _end - _next);
        int read = stream.ReadAtLeast(page[..wanted], wanted, throwOnEndOfStream: false);
        page[read..].Clear();
        _next += page.Length;
        return true;
    }
}
