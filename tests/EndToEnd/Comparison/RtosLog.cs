using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats;

namespace ActorTrace.EndToEnd.Comparison;

/// <summary>What a log says of the RTOS: its switches and wake-ups, tasks by priority.</summary>
/// <param name="cpu">The RTOS's CPU in the log.</param>
/// <param name="pidBase">What is to be taken from a pid to have the priority.</param>
internal sealed class RtosLog(int cpu, int pidBase) : ITraceEventSink
{
    private const int IdlePriority = 63;

    /// <summary>Time, priority of the task that leaves, of the one that comes.</summary>
    public List<(ulong At, int From, int To)> Switches { get; } = [];

    /// <summary>Time, priority of the task that was made ready.</summary>
    public List<(ulong At, int Task)> Wakeups { get; } = [];

    public void Write(in TraceEvent next)
    {
        if (next.Cpu == cpu && ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            Switches.Add((next.Nanoseconds, Priority(next.Number(0)), Priority(next.Number(3))));
        }
        else if (next.Cpu == cpu && ReferenceEquals(next.Type, EventCatalogue.SchedWaking))
        {
            Wakeups.Add((next.Nanoseconds, Priority(next.Number(0))));
        }
    }

    public void Lost(int cpu, ulong nanoseconds, ulong count) => Assert.Fail("no log here loses");

    private int Priority(ulong pid) => pid == 0 ? IdlePriority : (int)pid - pidBase;
}

/// <summary>What of the RTOS's own ring is in a log, and how far from where.</summary>
/// <param name="Happened">Switches in the time compared.</param>
/// <param name="Seen">Of them, those in the log with the right tasks.</param>
/// <param name="Wrong">Switches of the log that did not happen.</param>
/// <param name="Readied">Tasks made ready in the time compared.</param>
/// <param name="Woken">Of them, those in the log.</param>
/// <param name="LargestError">The most that a switch's time is off, nanoseconds.</param>
/// <param name="Error">Root of the mean square of that.</param>
internal sealed record Coverage(int Happened, int Seen, int Wrong, int Readied, int Woken, double LargestError, double Error)
{
    /// <summary>The time compared: all probes are armed and all tasks at work.</summary>
    public const ulong From = 60_000_000;

    /// <summary>Its end: the RTOS with the tracer works a little longer than until then.</summary>
    public const ulong Until = 410_000_000;

    private const ulong Near = 50_000;
    private const ulong Tick = 1_000_000;

    /// <summary>Compares a log with the ring of the run it was recorded in.</summary>
    public static Coverage Of(SimulatedRun run, RtosLog log)
    {
        ClockRates clock = run.Board.Scenario.Board.Clock;
        List<(ulong At, TruthEntry Entry)> truth =
        [
            .. TruthRing.Read(run.Guest("ucos")).Select(e => (clock.ToNanoseconds(clock.FirstInstantOf(e.Counter)), e)).Where(e => e.Item1 is >= From and < Until),
        ];
        var told = log.Switches.ToList();
        List<double> errors = [];
        foreach ((ulong at, TruthEntry entry) in truth.Where(e => e.Entry.IsSwitch))
        {
            int found = told.FindIndex(s => s.From == entry.From && s.To == entry.To && Distance(s.At, at) <= Near);
            if (found >= 0)
            {
                errors.Add(Distance(told[found].At, at));
                told.RemoveAt(found);
            }
        }

        var wakeups = log.Wakeups.ToList();
        int woken = 0;
        foreach ((ulong at, TruthEntry entry) in truth.Where(e => !e.Entry.IsSwitch))
        {
            int found = wakeups.FindIndex(w => w.Task == entry.To && Distance(w.At, at) < Tick);
            woken += found < 0 ? 0 : 1;
            _ = found >= 0 && wakeups.Remove(wakeups[found]);
        }

        return new Coverage(
            truth.Count(e => e.Entry.IsSwitch), errors.Count, told.Count(s => s.At is >= From + Near and < Until - Near), truth.Count(e => !e.Entry.IsSwitch), woken,
            errors.DefaultIfEmpty().Max(), Math.Sqrt(errors.Select(e => e * e).DefaultIfEmpty().Average()));
    }

    private static double Distance(ulong a, ulong b) => a > b ? a - b : b - a;
}
