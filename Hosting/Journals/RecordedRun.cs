using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Journals;

/// <summary>The records of a run in a journal, as far as they are stored.</summary>
internal sealed class RecordedRun : ITraceSource
{
    private readonly JournalReader _reader;
    private readonly RunId _run;

    /// <summary>Finds a run.</summary>
    /// <param name="reader">The journal; stays open as long as this is used.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="Journal.Files.JournalException">The run is not there, or damaged.</exception>
    public RecordedRun(JournalReader reader, RunId run)
    {
        _reader = reader;
        _run = run;
        Manifest = ReadManifest(reader, run);
    }

    /// <inheritdoc/>
    public RunManifest Manifest { get; }

    /// <summary>What a run says of itself.</summary>
    public static RunManifest ReadManifest(JournalReader reader, RunId run) =>
        RunManifestCodec.Decode(reader.Read(run, StreamNames.Inputs).First().Payload.Span);

    /// <summary>The records of a batch.</summary>
    public static IEnumerable<TraceRecord> Records(ReadOnlyMemory<byte> payload)
    {
        var records = new RecordReader(payload);
        while (records.Next() is { } record)
        {
            yield return record;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName) =>
        _reader.Read(_run, streamName).SelectMany(batch => Records(batch.Payload));
}
