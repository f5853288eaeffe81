using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests;

/// <summary>Takes the records that guest software makes.</summary>
public interface IRecordSink
{
    /// <summary>A step of a causal chain.</summary>
    void Step(StepRecord record);

    /// <summary>An entry of the trace buffer.</summary>
    /// <param name="lane">Lane number.</param>
    /// <param name="record">The entry.</param>
    void Lane(int lane, LaneRecord record);

    /// <summary>A write to the profiler's control files.</summary>
    void Control(ControlRecord record);
}
