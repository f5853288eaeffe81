using ActorTrace.Traces.Formats.FtraceText;

namespace ActorTrace.Traces.Formats.Chrome;

/// <summary>Chrome's JSON: slices of tasks, and the ftrace text from which its readers build CPU lanes.</summary>
internal sealed class ChromeFormat() : StreamingFormat("chrome", ".json", "chrome://tracing, catapult, Perfetto UI, Speedscope")
{
    /// <inheritdoc/>
    public override ExportResult ToStream(Replay replay, Stream output)
    {
        // Two passes: the slices first, then the text, whose head says how many events follow.
        var slices = new ChromeSliceWriter(output, replay.Cpus);
        long events = replay.Send(slices).Events;
        slices.Complete();

        // Ftrace text as a JSON string.
        output.Write(",\n\"systemTraceEvents\":\""u8);
        using var escaped = new JsonTextStream(output);
        var text = new FtraceTextWriter(escaped, replay.Cpus, events);
        ExportResult result = replay.Send(text);
        text.Complete();
        output.Write("\"}\n"u8);
        output.Flush();
        return result;
    }
}
