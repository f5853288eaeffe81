namespace ActorTrace.Traces.Formats.PerfData;

/// <summary>perf.data.</summary>
internal sealed class PerfDataFormat() : TraceFormat("perf", ".perf.data", "perf script, perf sched timehist, latency and map, perf timechart")
{
    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var file = new AtomicFile(path);
        var writer = new PerfDataWriter(file.Stream);
        ExportResult result = replay.Send(writer);
        writer.Complete(replay.Cpus, replay.Types);
        file.Commit();
        return result;
    }
}
