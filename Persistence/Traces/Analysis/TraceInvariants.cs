using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Analysis;

/// <summary>Checks what holds in every view: on each CPU the next task of a switch is the previous one of the switch after, and times never decrease.</summary>
/// <remarks>Right after a loss the chain begins anew. A switch from a task to itself is none.</remarks>
/// <param name="cpus">Number of CPUs of the view.</param>
public sealed class TraceInvariants(int cpus) : ITraceEventSink
{
    private const int MostKept = 20;

    private readonly int?[] _running = new int?[cpus];
    private readonly ulong[] _last = new ulong[cpus];
    private readonly List<string> _violations = [];

    /// <summary>The first violations, one line each, with CPU and nanoseconds.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (next.Nanoseconds < _last[next.Cpu])
        {
            Violation(next, string.Create(CultureInfo.InvariantCulture, $"the event before was at {_last[next.Cpu]} ns"));
        }

        _last[next.Cpu] = next.Nanoseconds;
        if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            Switch(next);
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => _running[cpu] = null;

    private void Switch(in TraceEvent change)
    {
        (int previous, int next) = ((int)change.Number(0), (int)change.Number(3));
        if (_running[change.Cpu] is { } running && running != previous)
        {
            Violation(change, string.Create(CultureInfo.InvariantCulture, $"pid {previous} is switched out, but pid {running} was switched in"));
        }

        if (previous == next)
        {
            Violation(change, string.Create(CultureInfo.InvariantCulture, $"pid {previous} is switched to itself"));
        }

        _running[change.Cpu] = next;
    }

    private void Violation(in TraceEvent place, string what)
    {
        Count++;
        if (_violations.Count < MostKept)
        {
            _violations.Add(string.Create(CultureInfo.InvariantCulture, $"CPU {place.Cpu} at {place.Nanoseconds} ns: {what}"));
        }
    }
}
