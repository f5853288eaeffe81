namespace ActorTrace.Traces.Formats.Csv;

/// <summary>A table for spreadsheets and scripts (RFC 4180).</summary>
internal sealed class CsvFormat() : StreamingFormat("csv", ".csv", "spreadsheets, pandas; one row an event, times in nanoseconds")
{
    /// <inheritdoc/>
    public override ExportResult ToStream(Replay replay, Stream output)
    {
        var writer = new CsvWriter(output);
        ExportResult result = replay.Send(writer);
        writer.Complete();
        return result;
    }
}
