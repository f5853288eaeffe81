namespace ActorTrace.Traces.Analysis.Report;

/// <summary>What a report is asked for.</summary>
/// <param name="From">First instant of the window, nanoseconds.</param>
/// <param name="Until">The first instant that is too late, nanoseconds.</param>
/// <param name="Deadlines">Longest allowed response time in nanoseconds, by the name of the task or its pid in decimal.</param>
public sealed record ReportOptions(ulong From, ulong Until, IReadOnlyDictionary<string, ulong> Deadlines)
{
    /// <summary>The whole trace, no deadlines.</summary>
    public static ReportOptions Everything { get; } = new(0, ulong.MaxValue, new Dictionary<string, ulong>(StringComparer.Ordinal));
}
