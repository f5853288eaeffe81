using System.Text.RegularExpressions;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>The definitions of docs/REPORT.md, computed the slow way from a list of all events: patterns and interval lists.</summary>
/// <remarks>
/// What a task does is a text of letters: W woken, I switched in, R S D switched out runnable, asleep, blocked, X events lost on its
/// CPU. A job is a pattern in that text.
/// </remarks>
internal sealed partial class ReferenceReport : ITraceEventSink
{
    private const ulong Never = ulong.MaxValue;

    private readonly List<Entry> _entries = [];
    private readonly SortedSet<int> _pids = [];

    public ReferenceReport(ITraceSource source)
        : this(sink => new Replay(source, TraceView.Gpos).Send(sink))
    {
    }

    public ReferenceReport(Action<ITraceEventSink> send)
    {
        send(this);
        Runs = [.. FindRuns()];
        Waits = [.. _pids.SelectMany(FindWaits)];
    }

    public IReadOnlyList<Run> Runs { get; }

    public IReadOnlyList<CpuWait> Waits { get; }

    public IEnumerable<int> Pids => _pids;

    /// <summary>Instant of the last event.</summary>
    public ulong Last { get; private set; }

    public void Write(in TraceEvent next)
    {
        Last = next.Nanoseconds;
        if (ReferenceEquals(next.Type, EventCatalogue.SchedWakeup))
        {
            Add(new Entry(next.Nanoseconds, (int)next.Number(2), 'W', (int)next.Number(0), (int)next.Number(1)));
        }
        else if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            char letter = (next.Number(2) & 0xFF) switch { 0 => 'R', 2 => 'D', _ => 'S' };
            Add(new Entry(next.Nanoseconds, next.Cpu, letter, (int)next.Number(0), (int)next.Number(1)));
            Add(new Entry(next.Nanoseconds, next.Cpu, 'I', (int)next.Number(3), (int)next.Number(4)));
        }
    }

    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Last = nanoseconds;
        _entries.Add(new Entry(nanoseconds, cpu, 'X', -1, 0));
    }

    /// <summary>Whether a task is first seen when it is switched in: neither a wake-up nor a switch-out of it was seen before.</summary>
    public bool BeginsWithSwitchIn(int pid) => Life(pid).Text[0] == 'I';

    /// <summary>Every job of a task.</summary>
    public IEnumerable<ReferenceJob> Jobs(int pid)
    {
        (string text, List<Entry> steps) = Life(pid);
        foreach (Match match in JobPattern().Matches(text))
        {
            ulong end = steps[match.Index + match.Length - 1].At;
            ulong start = steps[text.IndexOf('I', match.Index)].At;
            ulong began = steps[match.Index].At;
            Run[] runs = [.. Runs.Where(run => run.Pid == pid && run.From >= began && run.To <= end)];
            CpuWait[] waits = [.. Waits.Where(wait => wait.Pid == pid && wait.From >= start && wait.To <= end)];
            ulong lower = Sum(waits.Select(Lower));
            ulong blocked = Sum(BlockedPattern().Matches(match.Value).Select(b => steps[match.Index + b.Index + 1].At - steps[match.Index + b.Index].At));
            yield return new ReferenceJob(
                text[match.Index] == 'W', began, end, Sum(runs.Select(run => run.To - run.From)),
                Sum(waits.Select(wait => wait.To - wait.From)) - lower, blocked + lower);
        }
    }

    /// <summary>Stretches of priority inversion of a CPU, from one instant at which anything happens to the next.</summary>
    public IEnumerable<(ulong From, ulong Length)> Inversions(int cpu)
    {
        ulong[] instants = [.. _entries.Select(entry => entry.At).Distinct().Order()];
        HashSet<ulong> losses = [.. _entries.Where(entry => entry.Letter == 'X' && entry.Cpu == cpu).Select(entry => entry.At)];
        ulong? from = null;
        foreach (ulong at in instants)
        {
            bool inverted = Runs.Any(run => run.Cpu == cpu && run.Pid != 0 && run.From <= at && run.To > at && Waits.Any(wait =>
                wait.Cpu == cpu && wait.Priority < 100 && wait.Priority < run.Priority && wait.From <= at && wait.To > at));
            if (from is { } began && (!inverted || losses.Contains(at)))
            {
                from = null;
                if (!losses.Contains(at))
                {
                    yield return (began, at - began);
                }
            }

            if (inverted && from is null)
            {
                from = at;
            }
        }
    }

    private IEnumerable<Run> FindRuns()
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry begin = _entries[i];
            if (begin.Letter == 'I')
            {
                // A run that a loss cuts counts for nobody; those who wait meanwhile are cut by it too.
                Entry? end = _entries.Skip(i + 1).FirstOrDefault(entry => entry.Cpu == begin.Cpu && entry.Letter is not ('W' or 'I'));
                yield return new Run(begin.Cpu, begin.Pid, begin.Priority, begin.At, end?.At ?? Never) { IsCut = end?.Letter == 'X' };
            }
        }
    }

    private IEnumerable<CpuWait> FindWaits(int pid)
    {
        (string text, List<Entry> steps) = Life(pid);
        foreach (Match match in WaitPattern().Matches(text))
        {
            int end = match.Index + match.Length;
            Entry begin = steps[match.Index];
            bool complete = end < text.Length && text[end] == 'I';
            yield return new CpuWait(begin.Cpu, pid, begin.Priority, begin.At, end < text.Length ? steps[end].At : Never, begin.Letter == 'W') { IsCut = !complete };
        }
    }

    private ulong Lower(CpuWait wait) => wait.Priority >= 100 ? 0
        : Sum(Runs.Where(run => run.Cpu == wait.Cpu && run.Pid != 0 && run.Priority > wait.Priority && run.From < wait.To && run.To > wait.From)
            .Select(run => Math.Min(run.To, wait.To) - Math.Max(run.From, wait.From)));

    private (string Text, List<Entry> Steps) Life(int pid)
    {
        var steps = new List<Entry>();
        int? cpu = null;
        foreach (Entry entry in _entries)
        {
            if (entry.Pid == pid)
            {
                cpu = entry.Cpu;
                steps.Add(entry);
            }
            else if (entry.Letter == 'X' && entry.Cpu == cpu)
            {
                steps.Add(entry);
            }
        }

        return (string.Concat(steps.Select(step => step.Letter)), steps);
    }

    private void Add(Entry entry)
    {
        _entries.Add(entry);
        if (entry.Pid != 0)
        {
            _pids.Add(entry.Pid);
        }
    }

    private static ulong Sum(IEnumerable<ulong> values) => values.Aggregate(0ul, (sum, value) => sum + value);

    [GeneratedRegex("(?<=^|S|X)W[WIRD]*S|(?<=S)I[WIRD]*S", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JobPattern();

    /// <summary>From the wake-up of what is not awake, or the switch-out of what is runnable, to what comes next of it.</summary>
    [GeneratedRegex("(?<=^|[SDX])WW*|RW*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WaitPattern();

    [GeneratedRegex("D", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BlockedPattern();

    private sealed record Entry(ulong At, int Cpu, char Letter, int Pid, int Priority);
}

/// <summary>A task ran on a CPU; idle is pid 0.</summary>
internal sealed record Run(int Cpu, int Pid, int Priority, ulong From, ulong To)
{
    /// <summary>Whether it is not known until when.</summary>
    public bool IsCut { get; init; }
}

/// <summary>A task waited for a CPU.</summary>
internal sealed record CpuWait(int Cpu, int Pid, int Priority, ulong From, ulong To, bool Woken)
{
    /// <summary>Whether its end was not seen.</summary>
    public bool IsCut { get; init; }
}

/// <summary>A job.</summary>
internal sealed record ReferenceJob(bool IsReleased, ulong Began, ulong Ended, ulong Execution, ulong Preemption, ulong Blocking);
