using System.Globalization;
using System.Text.Json.Nodes;
using ActorTrace.Actors.Importing;
using ActorTrace.Traces.Alignment;

namespace ActorTrace.Hosting.Cli;

/// <summary>What `merge` tells of its result.</summary>
internal static class MergeReport
{
    private const double NanosecondsPerMicrosecond = 1_000;
    private const double Million = 1_000_000;

    /// <summary>For people.</summary>
    public static string Text(MergePlan plan, IReadOnlyList<EventPattern> common, string journal, ImportedRun run)
    {
        var lines = new List<string>();
        foreach ((PlacedLog log, int index) in plan.Logs.Select((log, index) => (log, index)))
        {
            LogScan scan = log.Scan;
            string cpus = log.Cpus == 1 ? $"CPU {log.FirstCpu}" : $"CPUs {log.FirstCpu} to {log.FirstCpu + log.Cpus - 1}";
            lines.Add($"log {index + 1}     {log.Log.Name} ({log.Log.Format}): {Number(scan.Events)} events of {cpus}, {Rendering.Seconds(scan.First)} to {Rendering.Seconds(scan.Last)} by its own clock");
            lines.AddRange(Details(log, common).Select(line => "          " + line));
        }

        lines.AddRange([$"records   {Number(run.Records.Records)}", $"journal   {journal}", $"run       {run.Id}", $"run hash  {run.Hash}"]);
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>For programs.</summary>
    public static JsonObject Json(MergePlan plan, string journal, ImportedRun run) => new()
    {
        ["logs"] = new JsonArray([.. plan.Logs.Select(Json)]),
        ["records"] = run.Records.Records,
        ["journal"] = journal,
        ["runId"] = run.Id.ToString(),
        ["runHash"] = run.Hash,
    };

    private static IEnumerable<string> Details(PlacedLog log, IReadOnlyList<EventPattern> common)
    {
        if (log.Clock.Offset != 0)
        {
            yield return $"offset {Seconds(log.Clock.Offset)}" + (log.Fit is null ? ", given" : $", found by {log.Fit.Pairs} events of {string.Join(", ", common)}");
        }

        if (log.Fit is { } fit)
        {
            yield return (fit.HasDrift ? $"drift {Ppm(log.Clock.Drift)} ppm +- {Ppm(fit.DriftError)}" : "drift not estimated: fewer than three events")
                + $"; residual error {Micro(fit.Residual)} us root mean square, {Micro(fit.LargestResidual)} us at most";
        }

        if (log.PidShift != 0)
        {
            yield return $"pids moved up by {Number(log.PidShift)}: {Number(log.Collisions)} of them are those of a log before";
        }

        if (log.Scan.LostEvents > 0)
        {
            yield return $"lost {Rendering.Number(log.Scan.LostEvents)} events, as its tracer says";
        }

        if (log.Scan.BackwardTimes > 0)
        {
            yield return $"{Number(log.Scan.BackwardTimes)} times went backward and were moved up";
        }
    }

    private static JsonObject Json(PlacedLog log)
    {
        JsonObject? fit = log.Fit is not { } found ? null : new JsonObject
        {
            ["pairs"] = found.Pairs,
            ["driftErrorPpm"] = found.HasDrift ? found.DriftError * Million : null,
            ["residualNanoseconds"] = found.Residual,
            ["largestResidualNanoseconds"] = found.LargestResidual,
        };
        return new JsonObject
        {
            ["file"] = log.Log.Name,
            ["format"] = log.Log.Format,
            ["firstCpu"] = log.FirstCpu,
            ["cpus"] = log.Cpus,
            ["events"] = log.Scan.Events,
            ["firstNanoseconds"] = log.Scan.First,
            ["lastNanoseconds"] = log.Scan.Last,
            ["lost"] = log.Scan.LostEvents,
            ["backwardTimes"] = log.Scan.BackwardTimes,
            ["offsetNanoseconds"] = (long)log.Clock.Offset,
            ["driftPpm"] = log.Clock.Drift * Million,
            ["fit"] = fit,
            ["pidShift"] = log.PidShift,
            ["pidCollisions"] = log.Collisions,
        };
    }

    private static string Number(long value) => Rendering.Number((ulong)value);

    private static string Seconds(Int128 nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)nanoseconds / 1_000_000_000:+0.000000000;-0.000000000} s");

    private static string Ppm(double fraction) => (fraction * Million).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Micro(double nanoseconds) => (nanoseconds / NanosecondsPerMicrosecond).ToString("0.000", CultureInfo.InvariantCulture);
}
