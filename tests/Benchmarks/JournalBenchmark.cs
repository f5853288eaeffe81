using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Records a second into the journal (aim: 1 million).</summary>
public class JournalBenchmark
{
    private const int Records = 1_000_000;
    private const int PerBatch = 4096;
    private readonly List<TraceBatch> batches = [];
    private readonly List<TraceRecord> lane = [];
    private string folder = string.Empty;

    /// <summary>Makes a million switches of two tasks.</summary>
    [GlobalSetup]
    public void Make()
    {
        folder = Directory.CreateTempSubdirectory("actortrace-bench-").FullName;
        TaskReference one = new(2004, "RTOS-Task1", 4);
        TaskReference other = new(0, "swapper/1", 120);
        VcpuId vcpu = new(new GuestId(0), 0);
        for (ulong i = 0; i < Records; i++)
        {
            VirtualInstant at = new(i * 1_700);
            Stamp cause = new(at, SourceId.Of(new CoreId(1)), i);
            bool even = (i & 1) == 0;
            lane.Add(new SwitchRecord(cause, at, at + 900, vcpu, new CoreId(0), even ? other : one, even ? 0u : 1u, even ? one : other));
        }

        RecordWriter writer = new();
        for (int start = 0; start < Records; start += PerBatch)
        {
            int count = Math.Min(PerBatch, Records - start);
            foreach (TraceRecord record in lane.GetRange(start, count))
            {
                writer.Add(record);
            }

            batches.Add(new TraceBatch(
                batches.Count + 1, new VirtualInstant((ulong)start * 1_700), new VirtualInstant((ulong)(start + count) * 1_700), count, writer.Written.ToArray()));
            writer.Clear();
        }
    }

    /// <summary>Deletes what was written.</summary>
    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, true);

    /// <summary>A million packed records through Akka.Persistence into SQLite.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task<string> Store()
    {
        string path = Path.Combine(folder, Path.GetRandomFileName());
        using JournalWriter writer = JournalWriter.Open(path);
        ActorSystem system = ActorSystem.Create("bench", writer.Setup());
        IActorRef run = system.ActorOf(RunJournalActor.Props(writer.AllocateRun(new byte[32])));
        foreach (TraceBatch batch in batches)
        {
            run.Tell(new StoreBatch(StreamNames.Lane(0), batch), ActorRefs.Nobody);
        }

        RunStored stored = await run.Ask<RunStored>(FinishRun.Instance);
        await system.Terminate();
        return stored.Hash;
    }
}
