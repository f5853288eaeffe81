namespace ActorTrace.Journal.Streams;

/// <summary>A stream cannot be stored any more; ends the run that writes it.</summary>
/// <param name="stream">The stream's persistence id.</param>
/// <param name="reason">Why, one line.</param>
/// <param name="cause">What the database said, where it was the database.</param>
public sealed class JournalFailedException(string stream, string reason, Exception? cause = null)
    : Exception($"journal stream {stream}: {reason}", cause)
{
    /// <summary>The stream's persistence id.</summary>
    public string Stream { get; } = stream;
}
