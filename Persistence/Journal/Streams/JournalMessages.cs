using System.Collections.Immutable;
using ActorTrace.Journal.Batches;

namespace ActorTrace.Journal.Streams;

/// <summary>Command to a <see cref="TraceJournalActor"/> or <see cref="RunJournalActor"/>: store the next batch of a stream.</summary>
/// <param name="Stream">The stream's name without the run.</param>
/// <param name="Batch">The batch; its number follows that of the batch before it.</param>
public sealed record StoreBatch(string Stream, TraceBatch Batch);

/// <summary>Event to the sender of <see cref="StoreBatch"/>: it is stored and needs no more memory (a credit).</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Number">The batch's number.</param>
/// <param name="Bytes">Bytes stored for it.</param>
public sealed record BatchStored(string Stream, long Number, int Bytes);

/// <summary>Event to the sender of <see cref="StoreBatch"/>: it came when the stream took no more and was not stored.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Number">The batch's number.</param>
/// <param name="Reason">Why, one line.</param>
public sealed record BatchRefused(string Stream, long Number, string Reason);

/// <summary>Event to the parent of a <see cref="TraceJournalActor"/> that continues a stream: all that is stored came again, and was the same.</summary>
/// <param name="Stream">The stream's name.</param>
public sealed record StoredRepeated(string Stream);

/// <summary>Event to the parent of a <see cref="RunJournalActor"/> that continues a run: all that is stored came again; what comes now is new.</summary>
public sealed record RunRepeated
{
    /// <summary>The only instance.</summary>
    public static readonly RunRepeated Instance = new();

    private RunRepeated()
    {
    }
}

/// <summary>Command to a <see cref="TraceJournalActor"/>: no more batches come; store the end mark behind those under way.</summary>
public sealed record FinishStream
{
    /// <summary>The only instance.</summary>
    public static readonly FinishStream Instance = new();

    private FinishStream()
    {
    }
}

/// <summary>Event to the sender of <see cref="FinishStream"/>: the whole stream is stored.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Count">Batches in it.</param>
/// <param name="Records">Records in it.</param>
/// <param name="Sha256">SHA-256 over the uncompressed payloads, 32 bytes.</param>
public sealed record StreamFinished(string Stream, long Count, long Records, ImmutableArray<byte> Sha256);

/// <summary>Command to a <see cref="RunJournalActor"/>: no more batches come.</summary>
public sealed record FinishRun
{
    /// <summary>The only instance.</summary>
    public static readonly FinishRun Instance = new();

    private FinishRun()
    {
    }
}

/// <summary>Event to the sender of <see cref="FinishRun"/>: the whole run is stored.</summary>
/// <param name="Run">The run.</param>
/// <param name="Streams">Its streams in ordinal order of their names.</param>
/// <param name="Hash">The run's hash (<see cref="Traces.Binary.RunHash"/>), 64 hexadecimal digits.</param>
public sealed record RunStored(RunId Run, ImmutableArray<StreamFinished> Streams, string Hash);
