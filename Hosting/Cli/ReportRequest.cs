using System.Globalization;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Timelines;

namespace ActorTrace.Hosting.Cli;

/// <summary>What the command line of `report` asks for, before the trace is known.</summary>
/// <param name="From">Begin of the window; null for the first event.</param>
/// <param name="Until">End of the window; null for the last event.</param>
/// <param name="Deadlines">Deadlines by task.</param>
internal sealed record ReportRequest(TimeQuantity? From, TimeQuantity? Until, IReadOnlyDictionary<string, TimeQuantity> Deadlines)
{
    private const string DeadlineOption = "--deadline";

    /// <summary>The time that an option gives.</summary>
    public static TimeQuantity? Time(string option, string? text) =>
        text is null ? null : Quantity.Time(text) ?? throw new InputException(option, $"'{text}' is no time", Quantity.TimeHelp);

    /// <summary>The values of --deadline. A task's name may hold '=', a time does not.</summary>
    public static IReadOnlyDictionary<string, TimeQuantity> ParseDeadlines(IReadOnlyList<string> values)
    {
        var deadlines = new Dictionary<string, TimeQuantity>(StringComparer.Ordinal);
        foreach (string value in values)
        {
            int split = value.LastIndexOf('=');
            if (split <= 0)
            {
                throw new InputException(DeadlineOption, $"'{value}' is no deadline", "write TASK=TIME, e.g. RTOS-Task1=5ms");
            }

            string task = value[..split];
            TimeQuantity time = Quantity.Time(value[(split + 1)..]) is { Amount: > 0 } given
                ? given
                : throw new InputException(DeadlineOption, $"'{value[(split + 1)..]}' is no deadline of '{task}'", Quantity.TimeHelp);
            if (!deadlines.TryAdd(task, time))
            {
                throw new InputException(DeadlineOption, $"'{task}' has two deadlines", "name it once");
            }
        }

        return deadlines;
    }

    /// <summary>The same, with the deadlines of a scenario for tasks that the command line gives none.</summary>
    public ReportOptions Options(ClockRates clock, IReadOnlyDictionary<string, TimeQuantity> ofScenario)
    {
        var deadlines = new Dictionary<string, TimeQuantity>(ofScenario, StringComparer.Ordinal);
        foreach ((string task, TimeQuantity time) in Deadlines)
        {
            deadlines[task] = time;
        }

        return (this with { Deadlines = deadlines }).Options(clock);
    }

    /// <summary>The same in nanoseconds.</summary>
    /// <param name="clock">The clock whose cycles are meant; null where there is none.</param>
    /// <exception cref="InputException">The window is empty, or cycles of no clock are meant.</exception>
    public ReportOptions Options(ClockRates? clock)
    {
        ulong from = From is { } first ? Nanoseconds("--from", first, clock) : 0;
        ulong until = Until is { } end ? Nanoseconds("--until", end, clock) : ulong.MaxValue;
        return until > from
            ? new ReportOptions(
                from, until, Deadlines.ToDictionary(pair => pair.Key, pair => Nanoseconds(DeadlineOption, pair.Value, clock), StringComparer.Ordinal))
            : throw new InputException("--until", "it is not later than --from", "exchange them");
    }

    /// <summary>The part of a timeline that is meant.</summary>
    /// <param name="clock">The clock whose cycles are meant; null where there is none.</param>
    /// <exception cref="InputException">The window is empty, or cycles of no clock are meant.</exception>
    public TimelineWindow Window(ClockRates? clock)
    {
        ReportOptions options = (this with { Deadlines = new Dictionary<string, TimeQuantity>(StringComparer.Ordinal) }).Options(clock);
        return new TimelineWindow(options.From, options.Until);
    }

    /// <summary>Refuses deadlines of tasks that there are none of.</summary>
    /// <exception cref="InputException">There is one.</exception>
    public void CheckDeadlines(TraceReport report)
    {
        foreach (string task in Deadlines.Keys.Where(task => !report.Tasks.Any(seen => Names(seen, task))))
        {
            throw new InputException(
                DeadlineOption, $"no task '{task}' was seen",
                Suggestion.For(task, [.. report.Tasks.Select(seen => seen.Comm).Distinct(StringComparer.Ordinal)]));
        }
    }

    private static ulong Nanoseconds(string option, TimeQuantity time, ClockRates? clock) => !time.InCycles ? time.Amount
        : clock?.ToNanoseconds(new VirtualInstant(time.Amount))
            ?? throw new InputException(option, "a trace file does not say how long a cycle is", "write a time in ns, us, ms or s");

    private static bool Names(TaskReport task, string name) =>
        string.Equals(task.Comm, name, StringComparison.Ordinal)
        || string.Equals(task.Pid.ToString(CultureInfo.InvariantCulture), name, StringComparison.Ordinal);
}
