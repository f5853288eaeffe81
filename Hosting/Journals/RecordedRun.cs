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
    private readonly Dictionary<string, IReadOnlyList<int>> _counts = new(StringComparer.Ordinal);

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

    /// <summary>Whole batches are left out unread.</summary>
    public IEnumerable<TraceRecord> ReadStream(string streamName, long first)
    {
        if (!_counts.TryGetValue(streamName, out IReadOnlyList<int>? counts))
        {
            _counts.Add(streamName, counts = _reader.RecordCounts(_run, streamName));
        }

        int batch = 0;
        while (batch < counts.Count && first >= counts[batch])
        {
            first -= counts[batch++];
        }

        return _reader.Read(_run, streamName, batch + 1).SelectMany(next => Records(next.Payload)).Skip((int)first);
    }
}
