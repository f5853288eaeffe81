namespace ActorTrace.Traces.Formats.Reading;

/// <summary>A trace file that cannot be read. The message is one line and does not name the place.</summary>
public sealed class TraceFileException : Exception
{
    private const int LongestMessage = 400;

    /// <summary>Creates the exception.</summary>
    /// <param name="place">Where in the file; null where the whole file is meant.</param>
    /// <param name="message">What is wrong. It may quote the file: what is not printable becomes a question mark.</param>
    public TraceFileException(TracePlace? place, string message)
        : base(OneLine(message)) => Place = place;

    /// <summary>Where in the file; null where the whole file is meant.</summary>
    public TracePlace? Place { get; }

    private static string OneLine(string message) => string.Concat(message.Take(LongestMessage).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
