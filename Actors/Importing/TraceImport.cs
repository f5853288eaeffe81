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

/// <summary>Turns a trace file into a run of a journal, so that whatever reads runs reads it.</summary>
/// <remarks>
/// One guest with a vCPU for each CPU, each on a core and with a lane of its own; one cycle is a nanosecond, times stay as
/// they are. The file is read twice: a damaged one is refused before anything is written.
/// </remarks>
public sealed class TraceImport : IDisposable
{
    /// <summary>How the end of an imported run is told.</summary>
    public const string EndReason = "imported";

    private const string Guest = "linux";
    private const ulong CyclesPerSecond = 1_000_000_000;
    private const ulong LongestBatch = CyclesPerSecond;
    private const int MostUnderWay = 16;

    private readonly TraceFile file;
    private readonly string name;

    /// <summary>Reads the file through.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TraceFileException">It is no trace file, is damaged, or has more CPUs than a journal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public TraceImport(string path)
    {
        name = Path.GetFileName(path);
        file = TraceFile.Open(path);
        try
        {
            if (file.Cpus > EventRecords.MostCpus)
            {
                throw new TraceFileException(null, $"the trace has {file.Cpus} CPUs, at most {EventRecords.MostCpus} can be imported");
            }

            Counts = file.Send(Nothing.Instance, new EventTypes());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What the file is.</summary>
    public string Format => file.Format;

    /// <summary>Number of CPUs.</summary>
    public int Cpus => file.Cpus;

    /// <summary>What was counted in it.</summary>
    public TraceFileCounts Counts { get; }

    /// <summary>Writes the run.</summary>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="stop">Ends the import; the run is then left unfinished.</param>
    /// <exception cref="JournalFailedException">It cannot be stored.</exception>
    /// <exception cref="TraceFileException">The file was changed since it was read first.</exception>
    public async Task<ImportedRun> WriteAsync(JournalWriter writer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(writer);
        byte[] manifest = RunManifestCodec.Encode(Manifest());
        RunId id = writer.AllocateRun(SHA256.HashData(manifest));
        ActorSystem system = ActorSystem.Create("actortrace", writer.Setup(SimulationHost.Configuration(Environment.ProcessorCount)));
        try
        {
            IActorRef gateway = system.ActorOf(Props.Create(() => new ImportGateway(id)), "import");
            var storing = new Storing(gateway, stop);
            storing.Store(new StoreBatch(StreamNames.Inputs, new TraceBatch(1, VirtualInstant.Zero, VirtualInstant.Zero, 1, manifest)));
            EventRecords records = WriteLanes(storing);
            storing.WaitForAll();
            RunStored stored = await gateway.Ask<RunStored>(FinishRun.Instance, Timeout.InfiniteTimeSpan, stop);
            return new ImportedRun(id, stored.Hash, records);
        }
        finally
        {
            await system.Terminate();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private EventRecords WriteLanes(Storing storing)
    {
        StreamRecorder[] lanes = [.. Enumerable.Range(0, Cpus).Select(cpu => new StreamRecorder(StreamNames.Lane(cpu), LongestBatch))];
        using var control = new StreamRecorder(StreamNames.Control, LongestBatch);
        try
        {
            var records = new EventRecords(Cpus, record =>
            {
                StreamRecorder lane = lanes[record.Vcpu.Index];
                lane.Add(record, record.At);
                storing.Store(lane.Take(all: false));
            });
            TraceFileCounts counts = file.Send(records, new EventTypes());
            foreach (StreamRecorder lane in lanes)
            {
                storing.Store(lane.Take(all: true));
            }

            var end = new VirtualInstant(counts.Last);
            control.Add(new RunEndRecord(new Stamp(end, SourceId.Outside, (ulong)records.Records), end, EndReason, 0), end);
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

    private RunManifest Manifest()
    {
        CoreId[] cores = [.. Enumerable.Range(0, Cpus).Select(cpu => new CoreId((byte)cpu))];
        LaneManifest[] lanes = [.. cores.Select(core => new LaneManifest(new VcpuId(new GuestId(0), core.Index), core, -1))];
        return new RunManifest(
            InputsStream.SchemaVersion, Path.GetFileNameWithoutExtension(name), new ClockRates(CyclesPerSecond, CyclesPerSecond, 1), Cpus,
            [new GuestManifest(Guest, 0, cores, 0)], lanes, string.Empty, [])
        {
            ImportedFrom = name,
        };
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

    private sealed class Nothing : ITraceEventSink
    {
        public static readonly Nothing Instance = new();

        public void Write(in TraceEvent next)
        {
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}

/// <summary>A run that was imported.</summary>
/// <param name="Id">Its id in the journal.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Records">What was made of the events.</param>
public sealed record ImportedRun(RunId Id, string Hash, EventRecords Records);
