using System.Collections.Immutable;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Journal.Tests.Streams;

/// <summary>A run that is continued is repeated first; nothing new is written before all that is stored came again.</summary>
public class ContinuedRunTests : TestKit
{
    public ContinuedRunTests()
        : base(FaultyJournal.Config)
    {
    }

    [Fact]
    public void What_is_new_waits_until_everything_stored_came_again()
    {
        IActorRef run = Sys.ActorOf(RunJournalActor.Props(Stored(("core-0", 2), ("lane-0", 1))));
        run.Tell(new StoreBatch("core-0", Samples.Batch(1)), TestActor);
        run.Tell(new StoreBatch("core-0", Samples.Batch(2)), TestActor);
        run.Tell(new StoreBatch("core-0", Samples.Batch(3)), TestActor);

        // Repeated batches are answered and not written: no bytes.
        Assert.Equal([(1, 0), (2, 0)], Enumerable.Range(0, 2).Select(_ => ExpectMsg<BatchStored>()).Select(stored => ((int)stored.Number, stored.Bytes)));
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        run.Tell(new StoreBatch("lane-0", Samples.Batch(1)), TestActor);

        BatchStored[] rest = [ExpectMsg<BatchStored>(), ExpectMsg<BatchStored>()];
        Assert.Equal(("lane-0", 1L, 0), rest.Where(stored => stored.Bytes == 0).Select(stored => (stored.Stream, stored.Number, stored.Bytes)).Single());
        Assert.Equal(("core-0", 3L), rest.Where(stored => stored.Bytes > 0).Select(stored => (stored.Stream, stored.Number)).Single());
    }

    [Fact]
    public void A_batch_that_is_not_the_stored_one_ends_the_run_by_name()
    {
        IActorRef run = Supervised(("core-0", 2));
        run.Tell(new StoreBatch("core-0", Samples.Batch(1)), TestActor);
        run.Tell(new StoreBatch("core-0", Samples.Batch(3) with { Number = 2 }), TestActor);
        ExpectMsg<BatchStored>();

        Assert.Equal("journal stream run-c0ffee01-1-core-0: batch 2 is not the one that is stored", ExpectMsg<JournalFailedException>().Message);
    }

    [Fact]
    public void A_repeated_run_that_ends_early_ends_by_name()
    {
        IActorRef run = Supervised(("core-0", 2));
        run.Tell(new StoreBatch("core-0", Samples.Batch(1)), TestActor);
        ExpectMsg<BatchStored>();
        run.Tell(FinishRun.Instance, TestActor);

        Assert.Equal("journal stream run-c0ffee01-1-core-0: the repeated run has less than is stored", ExpectMsg<JournalFailedException>().Message);
    }

    /// <summary>The end is asked for before the streams have compared their last batches.</summary>
    [Fact]
    public void A_run_of_which_all_was_stored_but_its_end_is_finished()
    {
        for (int i = 0; i < 20; i++)
        {
            StoredRun stored = Stored(("core-0", 2), ("lane-0", 2)) with { Run = Samples.Run with { Ordinal = i + 1 } };
            IActorRef run = Sys.ActorOf(RunJournalActor.Props(stored));
            foreach (StoreBatch batch in stored.Streams.Keys.SelectMany(stream => new[] { new StoreBatch(stream, Samples.Batch(1)), new StoreBatch(stream, Samples.Batch(2)) }))
            {
                run.Tell(batch, ActorRefs.Nobody);
            }

            run.Tell(FinishRun.Instance, TestActor);
            Assert.Equal(["control", "core-0", "lane-0"], ExpectMsg<RunStored>().Streams.Select(stream => stream.Stream), StringComparer.Ordinal);
        }
    }

    private IActorRef Supervised(params (string Stream, int Batches)[] streams)
    {
        Props run = RunJournalActor.Props(Stored(streams));
        return Sys.ActorOf(Props.Create(() => new Supervisor(run, TestActor)));
    }

    private static StoredRun Stored(params (string Stream, int Batches)[] streams) => new(Samples.Run, streams.ToImmutableSortedDictionary(
        stream => stream.Stream,
        stream => new StoredStream([.. Enumerable.Range(1, stream.Batches).Select(n => StoredStream.HashOf(Samples.Batch(n)))], [.. Enumerable.Range(1, stream.Batches).Select(n => Samples.Batch(n).Records)], null),
        StringComparer.Ordinal));
}
