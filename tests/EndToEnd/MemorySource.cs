using ActorTrace.Actors.Recording;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd;

/// <summary>A run that was kept in memory, as the writers read it.</summary>
internal sealed class MemorySource(MemoryJournal journal) : ITraceSource
{
    public RunManifest Manifest { get; } = journal.Manifest();

    public IEnumerable<TraceRecord> ReadStream(string name) => journal.Read(name);
}
