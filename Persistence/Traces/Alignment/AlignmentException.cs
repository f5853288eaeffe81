namespace ActorTrace.Traces.Alignment;

/// <summary>Logs cannot be put on one timeline.</summary>
/// <param name="log">Which of them is in the way, from 1.</param>
/// <param name="message">What is wrong, one line.</param>
/// <param name="mend">What can be done.</param>
public sealed class AlignmentException(int log, string message, string mend) : Exception(message)
{
    /// <summary>Which of the logs, from 1.</summary>
    public int Log { get; } = log;

    /// <summary>What can be done.</summary>
    public string Mend { get; } = mend;
}
