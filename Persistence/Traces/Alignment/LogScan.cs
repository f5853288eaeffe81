using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Alignment;

/// <summary>What must be known of a log before it can be put beside others: read in one pass.</summary>
public sealed class LogScan : ITraceEventSink
{
    // PID_MAX_LIMIT of the kernel.
    private const int MostPids = 1 << 22;

    private readonly int _number;
    private readonly HashSet<int> _pids = [];

    private LogScan(int number, IReadOnlyList<EventPattern> patterns) => (_number, Common) = (number, new CommonEvents(patterns));

    /// <summary>Events.</summary>
    public long Events { get; private set; }

    /// <summary>Events that its tracer lost, as far as it says how many.</summary>
    public ulong LostEvents { get; private set; }

    /// <summary>Time of the first event; 0 where there is none.</summary>
    public ulong First { get; private set; }

    /// <summary>Time of the last event; 0 where there is none.</summary>
    public ulong Last { get; private set; }

    /// <summary>Times that went backward and were moved up to that of the event before.</summary>
    public long BackwardTimes { get; private set; }

    /// <summary>The pids of its tasks; that of the idle task is not among them.</summary>
    internal IReadOnlySet<int> Pids => _pids;

    /// <summary>The events that another log may have too.</summary>
    internal CommonEvents Common { get; }

    /// <summary>Reads a log.</summary>
    /// <param name="number">Which, from 1.</param>
    /// <param name="log">The log.</param>
    /// <param name="patterns">Which events another log may have too.</param>
    /// <exception cref="AlignmentException">It has more tasks, or more common events, than can be held.</exception>
    public static LogScan Of(int number, IEventLog log, IReadOnlyList<EventPattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(log);
        var scan = new LogScan(number, patterns);
        scan.BackwardTimes = log.Send(scan);
        return scan;
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        First = Events++ == 0 ? next.Nanoseconds : First;
        Last = next.Nanoseconds;
        foreach (int slot in EventParts.PidSlots(next.Type))
        {
            Note((int)next.Number(slot));
        }

        Note(next.Pid);
        if (!Common.Add(next))
        {
            throw new AlignmentException(_number, $"more than {CommonEvents.Most} events match", "name rarer ones, e.g. with NAME:TEXT");
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => LostEvents += count;

    private void Note(int pid)
    {
        if (pid != 0 && _pids.Add(pid) && _pids.Count > MostPids)
        {
            throw new AlignmentException(_number, $"more than {MostPids} tasks, more than Linux has", "cut it into parts");
        }
    }
}
