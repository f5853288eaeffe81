using ActorTrace.Actors.Simulation;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;

namespace ActorTrace.Actors.Recording;

/// <summary>What a run recorded, kept in memory: for runs that need no file.</summary>
public sealed class MemoryJournal
{
    private readonly List<RecordedBatch> batches = [];

    /// <summary>The batches in the order in which they were stored.</summary>
    public IReadOnlyList<RecordedBatch> Batches => batches;

    /// <summary>Stores a batch.</summary>
    public void Add(RecordedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batches.Add(batch);
    }

    /// <summary>The manifest of the run.</summary>
    public RunManifest Manifest() => RunManifestCodec.Decode(batches.First(b => b.Stream == StreamNames.Inputs).Payload.Span);

    /// <summary>The records of a stream, in order.</summary>
    public IEnumerable<TraceRecord> Read(string stream)
    {
        foreach (RecordedBatch batch in batches.Where(b => string.Equals(b.Stream, stream, StringComparison.Ordinal)).OrderBy(b => b.Number))
        {
            RecordReader reader = new(batch.Payload);
            while (reader.Next() is { } record)
            {
                yield return record;
            }
        }
    }
}

/// <summary>The journal of a run that is kept in memory.</summary>
public sealed class MemoryJournalActor : ReceiveActor, IWithUnboundedStash
{
    private IActorRef clock = ActorRefs.Nobody;

    /// <summary>Creates the actor.</summary>
    /// <param name="journal">Where the batches go.</param>
    public MemoryJournalActor(MemoryJournal journal)
    {
        Receive<Wire>(wire =>
        {
            clock = wire.Directory[Address.Clock];
            Become(() => Storing(journal));
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    private void Storing(MemoryJournal journal)
    {
        Receive<RecordedBatch>(batch =>
        {
            journal.Add(batch);
            clock.Tell(new BatchesStored(1));
        });
        Receive<CompleteJournal>(_ => Sender.Tell(new JournalCompleted()));
    }
}
