namespace ActorTrace.Traces.Formats.Reading;

/// <summary>A trace file that cannot be read. The message is one line and does not name the place.</summary>
public sealed class TraceFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="place">Where in the file; null where the whole file is meant.</param>
    /// <param name="message">What is wrong, one line.</param>
    public TraceFileException(TracePlace? place, string message)
        : base(message) => Place = place;

    /// <summary>Where in the file; null where the whole file is meant.</summary>
    public TracePlace? Place { get; }
}
