namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>trace.dat, version 6.</summary>
internal sealed class TraceDatFormat() : TraceFormat("trace.dat", ".dat", "trace-cmd, KernelShark, Trace Compass (version 6)")
{
    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var writer = new TraceDatWriter(path, replay.Cpus, replay.TraceId, replay.Types);
        ExportResult result = replay.Send(writer);
        writer.Complete(result.End);
        return result;
    }
}
