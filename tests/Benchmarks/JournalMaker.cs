using System.Security.Cryptography;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;

namespace ActorTrace.Benchmarks;

/// <summary>Writes a <see cref="MixedRun"/> into a journal file: material for measuring replay at any length.</summary>
internal static class JournalMaker
{
    private const int RecordsOfABatch = 4096;
    private const int BatchesUnderWay = 16;

    /// <summary>Makes the journal.</summary>
    /// <param name="path">The file; there must be none.</param>
    /// <param name="events">About how many events a replay of it is to have.</param>
    public static async Task MakeAsync(string path, long events)
    {
        var run = new MixedRun(events);
        byte[] manifest = RunManifestCodec.Encode(run.Manifest);
        using JournalWriter writer = JournalWriter.Open(path);
        using ActorSystem system = ActorSystem.Create("maker", writer.Setup());
        IActorRef journal = system.ActorOf(RunJournalActor.Props(writer.AllocateRun(SHA256.HashData(manifest))));
        await Store(journal, StreamNames.Inputs, new TraceBatch(1, VirtualInstant.Zero, VirtualInstant.Zero, 1, manifest));
        for (int lane = 0; lane < run.Manifest.Lanes.Count; lane++)
        {
            await StoreLane(journal, run, StreamNames.Lane(lane));
        }

        _ = await journal.Ask<RunStored>(FinishRun.Instance);
    }

    private static async Task StoreLane(IActorRef journal, MixedRun run, string stream)
    {
        using var packed = new RecordWriter();
        var underWay = new Queue<Task>();
        long number = 0;
        VirtualInstant first = VirtualInstant.Zero;
        foreach (LaneRecord[] records in run.ReadStream(stream).Cast<LaneRecord>().Chunk(RecordsOfABatch))
        {
            packed.Clear();
            Array.ForEach(records, packed.Add);
            var batch = new TraceBatch(++number, first, records[^1].At, records.Length, packed.Written.ToArray());
            first = records[^1].At;
            underWay.Enqueue(Store(journal, stream, batch));
            if (underWay.Count == BatchesUnderWay)
            {
                await underWay.Dequeue();
            }
        }

        await Task.WhenAll(underWay);
    }

    private static async Task Store(IActorRef journal, string stream, TraceBatch batch)
    {
        if (await journal.Ask<object>(new StoreBatch(stream, batch)) is BatchRefused refused)
        {
            throw new InvalidOperationException(refused.Reason);
        }
    }
}
