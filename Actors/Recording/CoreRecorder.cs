using ActorTrace.Actors.Guests;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Recording;

/// <summary>The journal streams that one core writes: its own, the lanes of the GPOS on it, and control where it has the GPOS.</summary>
public sealed class CoreRecorder : IRecordSink, IDisposable
{
    private readonly StreamRecorder core;
    private readonly SortedDictionary<int, StreamRecorder> lanes = [];
    private readonly StreamRecorder? control;

    /// <summary>Creates the recorder of a core.</summary>
    /// <param name="id">The core.</param>
    /// <param name="laneNumbers">Lanes written on it.</param>
    /// <param name="control">The run's control stream; null where the guest with the profiler is on another core.</param>
    /// <param name="create">Makes the recorder of a stream by its name.</param>
    public CoreRecorder(CoreId id, IEnumerable<int> laneNumbers, StreamRecorder? control, Func<string, StreamRecorder> create)
    {
        ArgumentNullException.ThrowIfNull(laneNumbers);
        ArgumentNullException.ThrowIfNull(create);
        core = create(StreamNames.Core(id.Index));
        foreach (int lane in laneNumbers)
        {
            lanes[lane] = create(StreamNames.Lane(lane));
        }

        this.control = control;
    }

    /// <summary>All streams but control.</summary>
    public IEnumerable<StreamRecorder> Streams => lanes.Values.Prepend(core);

    private IEnumerable<StreamRecorder> Written => control is null ? Streams : Streams.Append(control);

    /// <inheritdoc/>
    public void Step(StepRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        core.Add(record, record.Start);
    }

    /// <inheritdoc/>
    public void Lane(int lane, LaneRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);

        // A workload guest without the profiler has a tracer whose buffer nobody reads.
        if (lane >= 0)
        {
            lanes[lane].Add(record, record.BufferedAt);
        }
    }

    /// <inheritdoc/>
    public void Control(ControlRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        (control ?? throw new InvalidOperationException("A control file was written on a core without the profiler.")).Add(record, record.At);
    }

    /// <summary>Records console text.</summary>
    public void Console(ConsoleRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        core.Add(record, record.At);
    }

    /// <summary>Records a guest's state.</summary>
    public void GuestState(GuestStateRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        core.Add(record, record.At);
    }

    /// <summary>Time has passed: no stream holds back what was recorded a while ago.</summary>
    public void Pass(VirtualInstant now)
    {
        foreach (StreamRecorder stream in Written)
        {
            stream.Pass(now);
        }
    }

    /// <summary>Takes complete batches; with <paramref name="all"/> everything.</summary>
    public IReadOnlyList<StoreBatch> TakeBatches(bool all)
    {
        List<StoreBatch>? taken = null;
        foreach (StreamRecorder stream in Written)
        {
            IReadOnlyList<StoreBatch> batches = stream.Take(all);
            if (batches.Count > 0)
            {
                (taken ??= []).AddRange(batches);
            }
        }

        return taken is null ? [] : taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (StreamRecorder stream in Streams)
        {
            stream.Dispose();
        }
    }
}
