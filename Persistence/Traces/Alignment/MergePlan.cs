using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Alignment;

/// <summary>How several logs are put on one timeline: that of the first.</summary>
public sealed class MergePlan
{
    private const int PidStep = 10_000;

    private MergePlan(IReadOnlyList<PlacedLog> logs) => Logs = logs;

    /// <summary>The logs in the order given; the CPUs of each stand behind those of the one before.</summary>
    public IReadOnlyList<PlacedLog> Logs { get; }

    /// <summary>Time of the last event.</summary>
    public ulong End => Logs.Max(log => log.End);

    /// <summary>The guests of all logs; a name that comes again gets a number.</summary>
    public IReadOnlyList<GuestManifest> Guests()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. Logs.SelectMany(log => log.GuestsBeside(taken))];
    }

    /// <summary>Reads the logs and decides.</summary>
    /// <param name="logs">At least two.</param>
    /// <param name="offsets">By number from 0: what is added to the times of a log, nanoseconds. Logs without one stay, or are fitted.</param>
    /// <param name="common">The events by which logs without a given offset are fitted to the first; empty where none is.</param>
    /// <exception cref="AlignmentException">They cannot be put on one timeline.</exception>
    public static MergePlan Make(IReadOnlyList<IEventLog> logs, IReadOnlyDictionary<int, long> offsets, IReadOnlyList<EventPattern> common)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(offsets);
        var placed = new List<PlacedLog>();
        var pids = new HashSet<int>();
        int cpus = 0;
        for (int i = 0; i < logs.Count; i++)
        {
            LogScan scan = LogScan.Of(i + 1, logs[i], common);
            (ClockMap clock, ClockFit? fit) = Clock(i, scan, placed, offsets, common);
            int collisions = scan.Pids.Count(pids.Contains);
            var log = new PlacedLog(logs[i], scan, cpus, clock, collisions == 0 ? 0 : PidShift(i + 1, scan.Pids, pids), collisions) { Fit = fit };
            Check(i + 1, log);
            pids.UnionWith(scan.Pids.Select(pid => pid + log.PidShift));
            placed.Add(log);
            cpus += log.Cpus;
        }

        return cpus <= EventRecords.MostCpus
            ? new MergePlan(placed)
            : throw new AlignmentException(logs.Count, $"together the logs have {cpus} CPUs, at most {EventRecords.MostCpus} fit into a journal", "merge fewer");
    }

    private static (ClockMap Clock, ClockFit? Fit) Clock(
        int index, LogScan scan, List<PlacedLog> before, IReadOnlyDictionary<int, long> offsets, IReadOnlyList<EventPattern> common)
    {
        if (offsets.TryGetValue(index, out long offset))
        {
            return (new ClockMap(offset), null);
        }

        if (index == 0 || common.Count == 0)
        {
            return (ClockMap.Identity, null);
        }

        ClockFit fit = Fit(index + 1, scan, before[0].Scan, common);
        return (fit.Map.Later(before[0].Clock.Offset), fit);
    }

    private static ClockFit Fit(int number, LogScan scan, LogScan reference, IReadOnlyList<EventPattern> common)
    {
        IReadOnlyList<EventPair> pairs = scan.Common.PairsWith(reference.Common);
        if (pairs.Count == 0)
        {
            string found = scan.Common.Count + reference.Common.Count == 0 ? "neither has any"
                : $"log 1 has {reference.Common.Count}, log {number} has {scan.Common.Count}, none with the same text";
            throw new AlignmentException(
                number, $"it has no event of {string.Join(", ", common)} in common with log 1: {found}", "name an event that both have, or give the offset with --offset");
        }

        if (pairs.Zip(pairs.Skip(1)).Any(two => two.First.Own > two.Second.Own))
        {
            throw new AlignmentException(
                number, $"the {pairs.Count} events that it has in common with log 1 come in another order there", "name an event whose texts are in order, e.g. with NAME:TEXT");
        }

        ClockFit fit = ClockFit.Of(pairs);
        return Math.Abs(fit.Map.Drift) <= ClockFit.MostDrift
            ? fit
            : throw new AlignmentException(
                number, FormattableString.Invariant($"its clock would run {Math.Abs(fit.Map.Drift):P1} apart from that of log 1: the {pairs.Count} events are not the same ones"),
                "name another event, or give the offset with --offset");
    }

    private static void Check(int number, PlacedLog log)
    {
        Int128 first = log.Clock.Map(log.Scan.First);
        if (first < 0)
        {
            decimal early = -(decimal)first / 1_000_000_000;
            throw new AlignmentException(
                number, FormattableString.Invariant($"its first event would be {early:0.000000000} s before zero"), "give a later offset to this log, or to log 1 with --offset 1:TIME");
        }

        if (log.Clock.Map(log.Scan.Last) > long.MaxValue)
        {
            throw new AlignmentException(number, "its last event would be later than 63 bits of nanoseconds hold", "give an earlier offset");
        }
    }

    /// <summary>The smallest multiple of 10,000 by which no pid of the log is one of those that are taken.</summary>
    private static int PidShift(int number, IReadOnlySet<int> own, HashSet<int> taken)
    {
        for (int shift = PidStep; shift < int.MaxValue - PidStep - own.Max(); shift += PidStep)
        {
            if (!own.Any(pid => taken.Contains(pid + shift)))
            {
                return shift;
            }
        }

        throw new AlignmentException(number, "its pids cannot be kept apart from those of the logs before", "merge fewer logs");
    }
}
