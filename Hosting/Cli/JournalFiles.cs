using ActorTrace.Hosting.Yaml;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>Journals on disk.</summary>
public sealed class JournalFiles : IJournals
{
    /// <inheritdoc/>
    public IOpenJournal Open(string path)
    {
        try
        {
            return new OpenJournal(JournalReader.Open(path));
        }
        catch (JournalException e) when (e.Problem == JournalProblem.NotFound)
        {
            throw new InputException(path, e.Message[(e.Path.Length + 2)..], "make a journal with 'actortrace run'");
        }
    }

    private sealed class OpenJournal(JournalReader reader) : IOpenJournal
    {
        public IReadOnlyList<string> Runs { get; } = [.. reader.RunIds().Select(r => r.ToString())];

        public ITraceSource Read(string runId) => new RecordedRun(reader, reader.Find(runId));

        public IReadOnlyList<string> Streams(string runId) => [.. reader.Describe(reader.Find(runId)).Streams.Select(s => s.Name)];

        public ulong BegunAt(string runId) => reader.BegunAt(reader.Find(runId));

        public StoredRun Stored(string runId) => StoredRun.Read(reader, reader.Find(runId));

        public string? HashOf(string runId) => reader.Describe(reader.Find(runId)).Hash;

        public void Dispose() => reader.Dispose();
    }

    private sealed class RecordedRun : ITraceSource
    {
        private readonly JournalReader _reader;
        private readonly RunId _run;
        private readonly Dictionary<string, IReadOnlyList<int>> _counts = new(StringComparer.Ordinal);

        public RecordedRun(JournalReader reader, RunId run)
        {
            _reader = reader;
            _run = run;
            Manifest = RunManifestCodec.Decode(reader.Read(run, StreamNames.Inputs).First().Payload.Span);
        }

        public RunManifest Manifest { get; }

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

        private static IEnumerable<TraceRecord> Records(ReadOnlyMemory<byte> payload)
        {
            var records = new RecordReader(payload);
            while (records.Next() is { } record)
            {
                yield return record;
            }
        }
    }
}
