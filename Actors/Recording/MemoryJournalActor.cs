using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;
using Address = ActorTrace.Actors.Simulation.Address;

namespace ActorTrace.Actors.Recording;

/// <summary>What a run recorded, kept in memory: for runs that need no file.</summary>
public sealed class MemoryJournal
{
    private readonly List<StoreBatch> batches = [];

    /// <summary>The batches in the order in which they were stored.</summary>
    public IReadOnlyList<StoreBatch> Batches => batches;

    /// <summary>Stores a batch.</summary>
    public void Add(StoreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batches.Add(batch);
    }

    /// <summary>The manifest of the run.</summary>
    public RunManifest Manifest() => RunManifestCodec.Decode(batches.First(b => string.Equals(b.Stream, StreamNames.Inputs, StringComparison.Ordinal)).Batch.Payload.Span);

    /// <summary>The records of a stream, in order.</summary>
    public IEnumerable<TraceRecord> Read(string stream)
    {
        foreach (StoreBatch batch in batches.Where(b => string.Equals(b.Stream, stream, StringComparison.Ordinal)).OrderBy(b => b.Batch.Number))
        {
            RecordReader reader = new(batch.Batch.Payload);
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
        Receive<StoreBatch>(batch =>
        {
            journal.Add(batch);
            switch (batch.Stream)
            {
                case StreamNames.Inputs: break;
                case StreamNames.Commands: clock.Tell(new CommandBatchStored()); break;
                default: clock.Tell(new BatchesStored(1)); break;
            }
        });
        Receive<CompleteJournal>(_ => Sender.Tell(new JournalCompleted(null)));
    }
}
