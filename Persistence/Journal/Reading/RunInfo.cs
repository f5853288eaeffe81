using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;

namespace ActorTrace.Journal.Reading;

/// <summary>A stream as the journal has it.</summary>
/// <param name="Name">The stream's name without the run.</param>
/// <param name="Batches">Batches stored.</param>
/// <param name="End">Its end mark, or null where it was not written to its end.</param>
public sealed record StreamInfo(string Name, long Batches, StreamEnd? End)
{
    /// <summary>True without an end mark: the writer was killed, or is still at work.</summary>
    public bool Unfinished => End is null;
}

/// <summary>A run as the journal has it.</summary>
/// <param name="Id">The run.</param>
/// <param name="Streams">Its streams in ordinal order of their names.</param>
/// <param name="Hash">The run hash that its end marks give, 64 hexadecimal digits; null for an unfinished run.</param>
public sealed record RunInfo(RunId Id, IReadOnlyList<StreamInfo> Streams, string? Hash)
{
    /// <summary>True where the control stream, which is finished last, or any other has no end mark.</summary>
    public bool Unfinished => Hash is null;
}
