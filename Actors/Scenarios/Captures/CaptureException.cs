using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>A capture that cannot be read. The message is one line and names what is wrong.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="place">Line or byte; null where it concerns the whole file.</param>
    /// <param name="message">What is wrong, one line.</param>
    /// <param name="inner">What was thrown first, or null.</param>
    public CaptureException(TracePlace? place, string message, Exception? inner = null)
        : base(message, inner) => Place = place;

    /// <summary>Line or byte; null where it concerns the whole file.</summary>
    public TracePlace? Place { get; }
}
