using System.Security.Cryptography;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.Configuration;

namespace ActorTrace.Journal.Tests;

/// <summary>An actor system that writes runs into a journal file, as the simulation does.</summary>
public sealed class WrittenJournal : IDisposable
{
    public static readonly Config Quiet = ConfigurationFactory.ParseString("""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public WrittenJournal(string path)
    {
        Writer = JournalWriter.Open(path);
        System = ActorSystem.Create("writer", Writer.Setup(Quiet));
    }

    public JournalWriter Writer { get; }

    public ActorSystem System { get; }

    public static byte[] InputsHash => SHA256.HashData("inputs"u8);

    /// <summary>Begins a run and waits until its batches are acknowledged.</summary>
    public (RunId Run, IActorRef Journal) Begin(int batches)
    {
        RunId run = Writer.AllocateRun(InputsHash);
        IActorRef journal = System.ActorOf(RunJournalActor.Props(run));
        Store(journal, "inputs", 1);
        for (int n = 1; n <= batches; n++)
        {
            Store(journal, "core-0", n);
            Store(journal, "lane-0", n);
        }

        return (run, journal);
    }

    public RunStored WriteRun(int batches) =>
        Begin(batches).Journal.Ask<RunStored>(FinishRun.Instance, Patience).GetAwaiter().GetResult();

    public void Dispose()
    {
        System.Terminate().Wait(Patience);
        Writer.Dispose();
    }

    private static void Store(IActorRef journal, string stream, long number) =>
        journal.Ask<BatchStored>(new StoreBatch(stream, Samples.Batch(number)), Patience).GetAwaiter().GetResult();
}
