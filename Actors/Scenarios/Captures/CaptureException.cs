namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>A capture that cannot be read. The message is one line and names what is wrong.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="line">1-based line number, 0 where it concerns the whole file.</param>
    /// <param name="message">What is wrong, one line.</param>
    public CaptureException(long line, string message)
        : base(message) => Line = line;

    /// <summary>1-based line number, 0 where it concerns the whole file.</summary>
    public long Line { get; }
}
