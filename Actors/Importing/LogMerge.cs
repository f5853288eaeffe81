using System.Globalization;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Alignment;

namespace ActorTrace.Actors.Importing;

/// <summary>Writes logs that were put on one timeline as one run of a journal. Each is read again from its source: memory stays constant.</summary>
public static class LogMerge
{
    /// <summary>How the end of a merged run is told.</summary>
    public const string EndReason = "merged";

    /// <summary>Writes the run.</summary>
    /// <param name="plan">The logs at their places.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="stop">Ends the merge; the run is then left unfinished.</param>
    /// <exception cref="JournalFailedException">It cannot be stored.</exception>
    public static Task<ImportedRun> WriteAsync(MergePlan plan, string name, JournalWriter writer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string from = string.Join(" + ", plan.Logs.Select(Told));

        // Streams of CPUs are apart: one log after the other can be written, readers bring them into one order.
        return RunWriter.WriteAsync(
            writer, RunWriter.Manifest(name, from, plan.Guests()), EndReason,
            records =>
            {
                foreach (PlacedLog log in plan.Logs)
                {
                    log.Send(records);
                }

                return plan.End;
            },
            stop);
    }

    private static string Told(PlacedLog log) => log.Clock == ClockMap.Identity
        ? log.Log.Name
        : string.Create(CultureInfo.InvariantCulture, $"{log.Log.Name} ({(long)log.Clock.Offset} ns, drift {log.Clock.Drift})");
}
