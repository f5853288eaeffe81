using ActorTrace.Hosting.Journals;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
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
}
