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
    private readonly StreamRecorder control;

    /// <summary>Creates the recorder of a core.</summary>
    /// <param name="id">The core.</param>
    /// <param name="laneNumbers">Lanes written on it.</param>
    /// <param name="control">The run's control stream.</param>
    /// <param name="longestSpan">Cycles of virtual time that a batch covers at the most.</param>
    public CoreRecorder(CoreId id, IEnumerable<int> laneNumbers, StreamRecorder control, ulong longestSpan)
    {
        ArgumentNullException.ThrowIfNull(laneNumbers);
        core = new StreamRecorder(StreamNames.Core(id.Index), longestSpan);
        foreach (int lane in laneNumbers)
        {
            lanes[lane] = new StreamRecorder(StreamNames.Lane(lane), longestSpan);
        }

        this.control = control;
    }

    /// <summary>All streams but control.</summary>
    public IEnumerable<StreamRecorder> Streams => lanes.Values.Prepend(core);

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
        control.Add(record, record.At);
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

    /// <summary>Takes complete batches; with <paramref name="all"/> everything (control excepted: it belongs to the run).</summary>
    public IReadOnlyList<StoreBatch> TakeBatches(bool all)
    {
        List<StoreBatch>? taken = null;
        foreach (StreamRecorder stream in Streams)
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
