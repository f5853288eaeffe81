using System.Text.Json.Nodes;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Service.Tests;

/// <summary>The events of a run as a replay hands them over, written by the plainest means as the contract has them.</summary>
internal sealed class EventTruth : ITraceEventSink
{
    private readonly List<string> _events = [];

    public static IReadOnlyList<string> Of(ITraceSource source, TraceView view)
    {
        var truth = new EventTruth();
        _ = new Replay(source, view).Send(truth);
        return truth._events;
    }

    /// <summary>Compares what was received with the truth, whatever its white space and escapes.</summary>
    public static void Same(string truth, string received) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(truth), JsonNode.Parse(received)), $"{truth}\n{received}");

    public void Write(in TraceEvent next)
    {
        var arguments = new JsonObject();
        foreach (EventField field in next.Type.Fields)
        {
            arguments[field.Name] = field.IsText ? next.Text(field.Slot)
                : field.Signed ? JsonValue.Create((long)next.Number(field.Slot)) : JsonValue.Create(next.Number(field.Slot));
        }

        _events.Add(new JsonObject
        {
            ["t"] = next.Nanoseconds,
            ["c"] = next.Cpu,
            ["n"] = next.Type.Name,
            ["p"] = next.Pid,
            ["m"] = next.Comm,
            ["a"] = arguments,
        }.ToJsonString());
    }

    public void Lost(int cpu, ulong nanoseconds, ulong count) =>
        _events.Add(new JsonObject { ["t"] = nanoseconds, ["c"] = cpu, ["n"] = "lost", ["a"] = new JsonObject { ["count"] = count } }.ToJsonString());
}
