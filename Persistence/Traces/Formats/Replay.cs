using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats;

/// <summary>What an export wrote.</summary>
/// <param name="Events">Events.</param>
/// <param name="Lost">Events that the simulated buffers lost, as marked in the file.</param>
/// <param name="End">Nanoseconds of the run's last record; 0 where there is none.</param>
public readonly record struct ExportResult(long Events, ulong Lost, ulong End);

/// <summary>Maps the records of a view to events, one after the other.</summary>
internal interface IRecordMapper
{
    /// <summary>Maps a record and hands its events on.</summary>
    void Map(in MergedRecord merged);

    /// <summary>Hands on what follows the last record.</summary>
    void Complete();
}

/// <summary>A recorded run as a sequence of Linux events: what every format is written from.</summary>
public sealed class Replay
{
    /// <summary>A view of a run.</summary>
    /// <param name="source">The run.</param>
    /// <param name="view">What stands for a CPU.</param>
    /// <param name="selection">Which of its events; null for all.</param>
    public Replay(ITraceSource source, TraceView view, EventSelection? selection = null)
    {
        (Source, View, Selection) = (source, view, selection ?? EventSelection.All);
        Cpus = TraceMerger.CpuCount(source.Manifest, view);
    }

    /// <summary>The run.</summary>
    internal ITraceSource Source { get; }

    /// <summary>What the run was.</summary>
    public RunManifest Manifest => Source.Manifest;

    /// <summary>What stands for a CPU.</summary>
    public TraceView View { get; }

    /// <summary>Which events.</summary>
    public EventSelection Selection { get; }

    /// <summary>The event types of the run; complete when it has been sent.</summary>
    public EventTypes Types { get; internal init; } = new();

    /// <summary>Number of CPUs of the view, selected or not.</summary>
    public int Cpus { get; }

    /// <summary>Identity of the run, the same for the same inputs: the first bytes of its manifest's hash.</summary>
    public ulong TraceId => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(RunManifestCodec.Encode(Manifest)));

    /// <summary>Hands the events to a sink, in one streaming pass.</summary>
    /// <returns>What was handed over.</returns>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public ExportResult Send(ITraceEventSink sink) => Send(sink, selecting => new EventMapper(Source, View, Types, selecting));

    /// <summary>Hands the events of another mapping to a sink.</summary>
    /// <param name="sink">Takes the events that are selected.</param>
    /// <param name="mapping">Makes the mapper, given where its events go.</param>
    internal ExportResult Send(ITraceEventSink sink, Func<ITraceEventSink, IRecordMapper> mapping)
    {
        var selecting = new SelectingSink(Selection, sink);
        IRecordMapper mapper = mapping(selecting);
        VirtualInstant end = VirtualInstant.Zero;
        foreach (MergedRecord record in TraceMerger.Merge(Source, View))
        {
            mapper.Map(record);
            end = record.At;
        }

        mapper.Complete();
        return new ExportResult(selecting.Events, selecting.Losses, Manifest.Clock.ToNanoseconds(end));
    }

    /// <summary>Counts the events without writing them.</summary>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public ExportResult Count() => Send(NoSink.Instance);

    private sealed class SelectingSink(EventSelection selection, ITraceEventSink next) : ITraceEventSink
    {
        private readonly bool _all = selection == EventSelection.All;

        public long Events { get; private set; }

        public ulong Losses { get; private set; }

        public void Write(in TraceEvent written)
        {
            if (_all || selection.Selects(written))
            {
                Events++;
                next.Write(written);
            }
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
            if (selection.SelectsPlace(cpu, nanoseconds))
            {
                Losses += count;
                next.Lost(cpu, nanoseconds, count);
            }
        }
    }

    private sealed class NoSink : ITraceEventSink
    {
        public static readonly NoSink Instance = new();

        public void Write(in TraceEvent next)
        {
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}
