using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Where a page has what (tracefs events/header_page).</summary>
/// <param name="PageBytes">Bytes of a page.</param>
/// <param name="CommitOffset">Where the number of data bytes and the flags stand.</param>
/// <param name="CommitBytes">4 or 8, as the kernel's long; a number of lost events has the same size.</param>
/// <param name="DataOffset">Where the events begin.</param>
internal sealed record PageLayout(int PageBytes, int CommitOffset, int CommitBytes, int DataOffset)
{
    /// <summary>The largest page that is read.</summary>
    public const int MostPageBytes = 1 << 20;

    private const int LeastPageBytes = 64;

    /// <summary>Reads the text of header_page.</summary>
    /// <exception cref="TraceFileException">It describes no page that this reader knows.</exception>
    public static PageLayout Parse(string headerPage, uint pageBytes, TracePlace place)
    {
        RecordedField? timestamp = null;
        RecordedField? commit = null;
        RecordedField? data = null;
        foreach (ReadOnlySpan<char> raw in headerPage.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            RecordedField? field = line.StartsWith("field:", StringComparison.Ordinal) ? RecordedFormat.ParseField(line) : null;
            switch (field?.Name)
            {
                case "timestamp": timestamp = field; break;
                case "commit": commit = field; break;
                case "data": data = field; break;
                default: break;
            }
        }

        bool known = timestamp is { Offset: 0, Size: sizeof(ulong) }
            && commit is { Offset: sizeof(ulong), Size: 4 or 8 } && data is not null && data.Offset >= commit.Offset + commit.Size;
        return known && pageBytes is >= LeastPageBytes and <= MostPageBytes && data!.Offset < pageBytes
            ? new PageLayout((int)pageBytes, commit!.Offset, commit.Size, data.Offset)
            : throw new TraceFileException(place, $"pages of {pageBytes} bytes with this header_page cannot be read");
    }
}
