namespace ActorTrace.Traces.Formats.FtraceText;

/// <summary>ftrace text.</summary>
internal sealed class FtraceTextFormat() : StreamingFormat("ftrace", ".txt", "Perfetto UI, catapult, Trace Compass, text tools")
{
    /// <inheritdoc/>
    public override ExportResult ToStream(Replay replay, Stream output)
    {
        // The number of events stands in the header: a pipe costs a pass more.
        long? entries = output.CanSeek ? null : replay.Count().Events;
        var writer = new FtraceTextWriter(output, replay.Cpus, entries);
        ExportResult result = replay.Send(writer);
        writer.Complete();
        return result;
    }
}
