namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>trace.dat, of one version.</summary>
internal abstract class TraceDatFormat(string name, string extension, string description, ITraceDatLayout layout) : TraceFormat(name, extension, description)
{
    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var writer = new TraceDatWriter(path, replay.Cpus, layout);
        ExportResult result = replay.Send(writer);
        writer.Complete(result.End, replay.Types, replay.TraceId);
        return result;
    }
}

/// <summary>trace.dat, version 6.</summary>
internal sealed class TraceDat6Format() : TraceDatFormat("trace.dat", ".dat", "trace-cmd, KernelShark, Trace Compass (version 6)", new Version6Layout());

/// <summary>trace.dat, version 7.</summary>
/// <param name="compression">How bodies and pages are stored.</param>
internal sealed class TraceDat7Format(TraceDatCompression compression)
    : TraceDatFormat("trace.dat-v7", ".v7.dat", "trace-cmd and KernelShark since 2022 (version 7, compressed)", new Version7Layout(compression))
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Compressions => [.. TraceDatCompression.All.Select(c => c.Name)];

    /// <inheritdoc/>
    public override TraceFormat Compressed(string compressionName) =>
        TraceDatCompression.All.FirstOrDefault(c => string.Equals(c.Name, compressionName, StringComparison.Ordinal)) is { } chosen
            ? new TraceDat7Format(chosen)
            : base.Compressed(compressionName);
}
