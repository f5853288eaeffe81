using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Alignment;

/// <summary>A log that can be put beside others: a trace file, or a recorded run.</summary>
public interface IEventLog
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>What it is: "run of a journal", "ftrace text" ...</summary>
    string Format { get; }

    /// <summary>Whose CPUs it shows; together all of its CPUs, from 0 on.</summary>
    IReadOnlyList<GuestManifest> Guests { get; }

    /// <summary>Hands all events to a sink, in order of time. May be called again.</summary>
    /// <returns>How many times went backward and were moved up to that of the event before.</returns>
    long Send(ITraceEventSink sink);
}

/// <summary>A trace file as a log.</summary>
/// <param name="name">Its name.</param>
/// <param name="file">The file.</param>
public sealed class FileLog(string name, TraceFile file) : IEventLog
{
    /// <summary>How the system is called that a trace file is of.</summary>
    public const string Guest = "linux";

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Format => file.Format;

    /// <inheritdoc/>
    public IReadOnlyList<GuestManifest> Guests { get; } = [OfCpus(file.Cpus)];

    /// <inheritdoc/>
    public long Send(ITraceEventSink sink) => file.Send(sink, new EventTypes()).BackwardTimes;

    /// <summary>The one guest of a file, with a vCPU for each CPU.</summary>
    /// <exception cref="TraceFileException">It has more CPUs than a journal.</exception>
    public static GuestManifest OfCpus(int cpus) => cpus > EventRecords.MostCpus
        ? throw new TraceFileException(null, $"the trace has {cpus} CPUs, at most {EventRecords.MostCpus} can be imported")
        : new GuestManifest(Guest, 0, [.. Enumerable.Range(0, cpus).Select(cpu => new CoreId((byte)cpu))], 0);
}

/// <summary>A recorded run as a log: its gpos view.</summary>
/// <param name="name">The journal's name.</param>
/// <param name="run">The run.</param>
public sealed class RunLog(string name, ITraceSource run) : IEventLog
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Format => "run of a journal";

    /// <inheritdoc/>
    public IReadOnlyList<GuestManifest> Guests => run.Manifest.Guests;

    /// <inheritdoc/>
    public long Send(ITraceEventSink sink)
    {
        _ = new Replay(run, TraceView.Gpos).Send(sink);
        return 0;
    }
}
