using System.Security.Cryptography;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Journal.Tests.Streams;

public class TraceJournalActorTests : TestKit
{
    public TraceJournalActorTests()
        : base(FaultyJournal.Config)
    {
    }

    [Fact]
    public void Batches_are_acknowledged_in_order_and_the_stream_ends_with_its_hash()
    {
        IActorRef journal = Writer("core-0x");
        for (int n = 1; n <= 5; n++)
        {
            journal.Tell(new StoreBatch("core-0x", Samples.Batch(n)), TestActor);
        }

        journal.Tell(FinishStream.Instance, TestActor);
        for (int n = 1; n <= 5; n++)
        {
            BatchStored stored = ExpectMsg<BatchStored>();
            Assert.Equal(("core-0x", (long)n), (stored.Stream, stored.Number));
            Assert.True(stored.Bytes > 0);
        }

        StreamFinished finished = ExpectMsg<StreamFinished>();
        byte[] all = [.. Enumerable.Range(1, 5).SelectMany(n => Samples.Batch(n).Payload.ToArray())];
        Assert.Equal((5L, 150L), (finished.Count, finished.Records));
        Assert.Equal(SHA256.HashData(all), finished.Sha256.AsEnumerable());
    }

    [Fact]
    public void A_batch_after_the_end_is_refused_by_name_and_a_second_finish_is_answered_again()
    {
        IActorRef journal = Writer("x");
        journal.Tell(FinishStream.Instance, TestActor);
        journal.Tell(FinishStream.Instance, TestActor);
        journal.Tell(new StoreBatch("x", Samples.Batch(1)), TestActor);
        object[] answers = [.. ReceiveN(3)];
        Assert.Equal(2, answers.OfType<StreamFinished>().Count());
        BatchRefused refused = Assert.Single(answers.OfType<BatchRefused>());
        Assert.Equal(("x", 1L, "the stream is finished"), (refused.Stream, refused.Number, refused.Reason));
        journal.Tell(FinishStream.Instance, TestActor);
        Assert.Equal(0, ExpectMsg<StreamFinished>().Count);
    }

    [Theory]
    [InlineData("fail-3", "run-c0ffee01-1-fail-3: event 3 is not stored: no space left on device")]
    [InlineData("reject-3", "run-c0ffee01-1-reject-3: event 3 is rejected: no space left on device")]
    public void A_write_that_fails_ends_the_stream_with_its_cause(string stream, string reason)
    {
        IActorRef journal = Writer(stream);
        journal.Tell(new StoreBatch(stream, Samples.Batch(1)), TestActor);
        journal.Tell(new StoreBatch(stream, Samples.Batch(2)), TestActor);
        ExpectMsg<BatchStored>();
        ExpectMsg<BatchStored>();
        journal.Tell(new StoreBatch(stream, Samples.Batch(3)), TestActor);
        JournalFailedException failed = ExpectMsg<JournalFailedException>();
        Assert.Equal($"journal stream {reason}", failed.Message);
        Assert.IsType<IOException>(failed.InnerException?.GetBaseException());
    }

    [Fact]
    public void A_journal_that_does_not_open_ends_the_stream_with_its_cause()
    {
        Writer("unreadable");
        Assert.Equal(
            "journal stream run-c0ffee01-1-unreadable: the journal does not open: no such device",
            ExpectMsg<JournalFailedException>().Message);
    }

    [Fact]
    public void A_batch_out_of_turn_ends_the_stream()
    {
        Writer("x").Tell(new StoreBatch("x", Samples.Batch(2)), TestActor);
        Assert.Equal("journal stream run-c0ffee01-1-x: batch 2 came, batch 1 is next", ExpectMsg<JournalFailedException>().Message);
    }

    [Fact]
    public void A_stream_that_has_events_is_not_continued()
    {
        IActorRef first = Writer("x");
        first.Tell(new StoreBatch("x", Samples.Batch(1)), TestActor);
        ExpectMsg<BatchStored>();
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        Writer("x").Tell(new StoreBatch("x", Samples.Batch(1)), TestActor);
        Assert.Equal("journal stream run-c0ffee01-1-x: it has 1 events already", ExpectMsg<JournalFailedException>().Message);
    }

    [Fact]
    public void A_run_finishes_its_control_stream_last_and_gives_the_run_hash()
    {
        IActorRef run = Sys.ActorOf(Props.Create(() => new Supervisor(RunJournalActor.Props(Samples.Run), TestActor)));
        run.Tell(new StoreBatch("inputs", Samples.Batch(1)), TestActor);
        run.Tell(new StoreBatch("corex", Samples.Batch(1)), TestActor);
        run.Tell(FinishRun.Instance, TestActor);
        run.Tell(new StoreBatch("inputs", Samples.Batch(2)), TestActor);
        object[] answers = [.. ReceiveN(4)];
        Assert.Equal(2, answers.OfType<BatchStored>().Count());
        Assert.Equal("the run is finished", Assert.Single(answers.OfType<BatchRefused>()).Reason);
        RunStored stored = Assert.Single(answers.OfType<RunStored>());
        Assert.Equal(["control", "corex", "inputs"], stored.Streams.Select(s => s.Stream), StringComparer.Ordinal);

        // The definition: SHA-256 over the lines "name hex".
        string one = Convert.ToHexStringLower(SHA256.HashData(Samples.Batch(1).Payload.Span));
        string none = Convert.ToHexStringLower(SHA256.HashData([]));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"control {none}\ncorex {one}\ninputs {one}\n"))),
            stored.Hash);
    }

    [Fact]
    public void A_failing_stream_fails_its_run()
    {
        IActorRef run = Sys.ActorOf(Props.Create(() => new Supervisor(RunJournalActor.Props(Samples.Run), TestActor)));
        run.Tell(new StoreBatch("fail-1", Samples.Batch(1)), TestActor);
        Assert.Equal("run-c0ffee01-1-fail-1", ExpectMsg<JournalFailedException>().Stream);
    }

    private IActorRef Writer(string stream) =>
        Sys.ActorOf(Props.Create(() => new Supervisor(TraceJournalActor.Props(new StreamId(Samples.Run, stream)), TestActor)));
}
