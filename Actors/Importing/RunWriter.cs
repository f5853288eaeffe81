using System.Security.Cryptography;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using Akka.Actor;

namespace ActorTrace.Actors.Importing;

/// <summary>Writes events that were not simulated here as a run of a journal. One cycle is a nanosecond; each CPU has a core and a lane of its own.</summary>
internal static class RunWriter
{
    private const ulong CyclesPerSecond = 1_000_000_000;
    private const ulong LongestBatch = CyclesPerSecond;
    private const int MostUnderWay = 16;

    /// <summary>What the journal says first of such a run.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="from">What it was made of.</param>
    /// <param name="guests">Its guests; the core of each vCPU is its CPU.</param>
    public static RunManifest Manifest(string name, string from, IReadOnlyList<GuestManifest> guests)
    {
        LaneManifest[] lanes = [.. Vcpus(guests).Select((vcpu, cpu) => new LaneManifest(vcpu, new CoreId((byte)cpu), -1))];
        return new RunManifest(
            InputsStream.SchemaVersion, name, new ClockRates(CyclesPerSecond, CyclesPerSecond, 1), lanes.Length, guests, lanes, string.Empty, [])
        {
            ImportedFrom = from,
        };
    }

    /// <summary>Writes a run.</summary>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="manifest">What the run is.</param>
    /// <param name="reason">How its end is told.</param>
    /// <param name="send">Hands over the events, of each CPU in order of time, and answers with the time of the end.</param>
    /// <param name="stop">Ends the writing; the run is then left unfinished.</param>
    /// <exception cref="JournalFailedException">It cannot be stored.</exception>
    public static async Task<ImportedRun> WriteAsync(
        JournalWriter writer, RunManifest manifest, string reason, Func<ITraceEventSink, ulong> send, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(writer);
        byte[] bytes = RunManifestCodec.Encode(manifest);
        RunId id = writer.AllocateRun(SHA256.HashData(bytes));
        ActorSystem system = ActorSystem.Create("actortrace", writer.Setup(SimulationHost.Configuration(Environment.ProcessorCount)));
        try
        {
            IActorRef gateway = system.ActorOf(Props.Create(() => new ImportGateway(id)), "import");
            var storing = new Storing(gateway, stop);
            storing.Store(new StoreBatch(StreamNames.Inputs, new TraceBatch(1, VirtualInstant.Zero, VirtualInstant.Zero, 1, bytes)));
            EventRecords records = WriteLanes(storing, manifest, reason, send);
            storing.WaitForAll();
            RunStored stored = await gateway.Ask<RunStored>(FinishRun.Instance, Timeout.InfiniteTimeSpan, stop);
            return new ImportedRun(id, stored.Hash, records);
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static IEnumerable<VcpuId> Vcpus(IReadOnlyList<GuestManifest> guests) => guests.SelectMany(
        (guest, number) => guest.VcpuCores.Select((_, vcpu) => new VcpuId(new GuestId((byte)number), (byte)vcpu)));

    private static EventRecords WriteLanes(Storing storing, RunManifest manifest, string reason, Func<ITraceEventSink, ulong> send)
    {
        StreamRecorder[] lanes = [.. manifest.Lanes.Select((_, lane) => new StreamRecorder(StreamNames.Lane(lane), LongestBatch))];
        using var control = new StreamRecorder(StreamNames.Control, LongestBatch);
        try
        {
            var records = new EventRecords([.. manifest.Lanes.Select(lane => lane.Vcpu)], record =>
            {
                StreamRecorder lane = lanes[record.Core.Index];
                lane.Add(record, record.At);
                storing.Store(lane.Take(all: false));
            });
            var end = new VirtualInstant(send(records));
            foreach (StreamRecorder lane in lanes)
            {
                storing.Store(lane.Take(all: true));
            }

            control.Add(new RunEndRecord(new Stamp(end, SourceId.Outside, (ulong)records.Records), end, reason, 0), end);
            storing.Store(control.Take(all: true));
            return records;
        }
        finally
        {
            foreach (StreamRecorder lane in lanes)
            {
                lane.Dispose();
            }
        }
    }

    /// <summary>Batches on their way: a bounded number, so that memory is.</summary>
    private sealed class Storing(IActorRef gateway, CancellationToken stop)
    {
        private readonly Queue<Task<BatchStored>> underWay = new();

        public void Store(params IReadOnlyList<StoreBatch> batches)
        {
            foreach (StoreBatch batch in batches)
            {
                stop.ThrowIfCancellationRequested();
                if (underWay.Count == MostUnderWay)
                {
                    _ = underWay.Dequeue().GetAwaiter().GetResult();
                }

                underWay.Enqueue(gateway.Ask<BatchStored>(batch, Timeout.InfiniteTimeSpan, stop));
            }
        }

        public void WaitForAll()
        {
            while (underWay.TryDequeue(out Task<BatchStored>? stored))
            {
                _ = stored.GetAwaiter().GetResult();
            }
        }
    }
}

/// <summary>A run that was imported.</summary>
/// <param name="Id">Its id in the journal.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Records">What was made of the events.</param>
public sealed record ImportedRun(RunId Id, string Hash, EventRecords Records);
