using System.Globalization;

namespace ActorTrace.Traces.Binary;

/// <summary>Journal bytes that do not follow the layout of docs/formats/journal.md.</summary>
/// <param name="offset">Offset of the first byte that is wrong, counted from the start of the stream or file.</param>
/// <param name="reason">What is wrong, one line without the offset.</param>
public sealed class JournalFormatException(long offset, string reason)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"malformed journal data at byte {offset}: {reason}"))
{
    /// <summary>Offset of the first byte that is wrong.</summary>
    public long Offset { get; } = offset;
}
