using ActorTrace.Traces.Formats;

namespace ActorTrace.Pages.Tests;

/// <summary>Keeps all events.</summary>
internal sealed class EventList : ITraceEventSink
{
    public List<TraceEvent> All { get; } = [];

    public void Write(in TraceEvent next) => All.Add(next);

    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
    }
}
