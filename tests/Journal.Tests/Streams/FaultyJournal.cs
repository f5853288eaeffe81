using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorTrace.Journal.Tests.Streams;

/// <summary>A journal in memory that fails or rejects the write of one event.</summary>
public sealed class FaultyJournal : MemoryJournal
{
    public const string Config = """
        akka.persistence.journal.plugin = "test.faulty"
        test.faulty.class = "ActorTrace.Journal.Tests.Streams.FaultyJournal, ActorTrace.Journal.Tests"
        test.faulty.plugin-dispatcher = "akka.actor.default-dispatcher"
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """;

    /// <summary>What happens to the event with this sequence number: "fail-3", "reject-3", read from the persistence id's end.</summary>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        AtomicWrite[] writes = [.. messages];
        AtomicWrite? bad = writes.FirstOrDefault(w => w.PersistenceId.EndsWith($"-{w.LowestSequenceNr}", StringComparison.Ordinal));
        if (bad is null)
        {
            return base.WriteMessagesAsync(writes, cancellationToken);
        }

        var disk = new IOException("no space left on device");
        return bad.PersistenceId.Contains("fail", StringComparison.Ordinal)
            ? Task.FromException<IImmutableList<Exception>>(disk)
            : Task.FromResult<IImmutableList<Exception>>([.. writes.Select(w => ReferenceEquals(w, bad) ? disk : null!)]);
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        persistenceId.EndsWith("unreadable", StringComparison.Ordinal)
            ? Task.FromException<long>(new IOException("no such device"))
            : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
}
