using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Merge;

/// <summary>A recorded run, wherever it is kept.</summary>
public interface ITraceSource
{
    /// <summary>What the run was.</summary>
    RunManifest Manifest { get; }

    /// <summary>The records of a stream in order, read lazily in constant memory; may be called again. Empty where the run has no such stream.</summary>
    /// <param name="streamName">Name without the run id (<see cref="Binary.StreamNames"/>).</param>
    IEnumerable<TraceRecord> ReadStream(string streamName);

    /// <summary>The records of a stream from a place on; a source that can get there without reading what is before overrides it.</summary>
    /// <param name="streamName">Name without the run id.</param>
    /// <param name="first">How many records to leave out, at least 0.</param>
    IEnumerable<TraceRecord> ReadStream(string streamName, long first) => ReadStream(streamName).Where((_, number) => number >= first);
}

/// <summary>What stands for a CPU in a replay.</summary>
public enum TraceView
{
    /// <summary>A CPU is a vCPU: what the user of the GPOS sees, Linux tasks and converted RTOS tasks.</summary>
    Gpos,

    /// <summary>A CPU is a physical core; the hypervisor's steps and vCPU switches are shown.</summary>
    Board,
}
