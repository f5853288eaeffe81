namespace ActorTrace.Traces.Formats.Perfetto;

/// <summary>Perfetto's protobuf trace.</summary>
internal sealed class PerfettoFormat() : StreamingFormat("perfetto", ".perfetto-trace", "Perfetto UI, trace_processor (with hypervisor tracks)")
{
    /// <inheritdoc/>
    public override ExportResult ToStream(Replay replay, Stream output)
    {
        var writer = new PerfettoWriter(output, replay.Cpus);
        ExportResult result = replay.Send(writer);
        writer.Complete();
        return result;
    }
}
