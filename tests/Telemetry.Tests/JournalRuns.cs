using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Service;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Telemetry.Tests;

/// <summary>The runs of a journal file as the service has them, all over.</summary>
/// <param name="path">The journal.</param>
internal sealed class JournalRuns(string path) : IRuns
{
    public IReadOnlyList<RunStatus> List()
    {
        using IOpenJournal journal = new JournalFiles().Open(path);
        return [.. journal.Runs.Reverse().Select(run =>
        {
            RunManifest manifest = journal.Read(run).Manifest;
            ulong end = journal.Read(run).ReadStream("control").OfType<RunEndRecord>().Single() is { } last ? manifest.Clock.ToNanoseconds(last.At) : 0;
            return new RunStatus(
                run, manifest.Name, RunState.Completed, null, DateTimeOffset.UnixEpoch.AddTicks((long)journal.BegunAt(run) / 100), end, end, manifest.Cores,
                [.. manifest.Guests.Select(g => new GuestStatus(g.Name, g.FirstLinuxCpu, g.VcpuCores.Count))], journal.HashOf(run));
        })];
    }

    public RunStatus? Find(string id) => List().FirstOrDefault(run => string.Equals(run.Id, id, StringComparison.Ordinal));

    public IOpenRun Open(string id)
    {
        IOpenJournal journal = new JournalFiles().Open(path);
        return new OpenRun(journal, journal.Read(id));
    }

    public IOpenRun Follow(string id, CancellationToken stop) => Open(id);

    public Task<RunStatus> StartAsync(Scenario scenario, bool paused) => throw new NotSupportedException();

    public Task<RunStatus> ContinueAsync(string id) => throw new NotSupportedException();

    public Task<RunStatus> PauseAsync(string id) => throw new NotSupportedException();

    public Task<RunStatus> StepAsync(string id, ulong nanoseconds) => throw new NotSupportedException();

    public Task<RunStatus> StopAsync(string id) => throw new NotSupportedException();

    public Task DeleteAsync(string id) => throw new NotSupportedException();

    public Task<ulong> WriteControlAsync(string id, string file, string value) => throw new NotSupportedException();

    public Scenario ScenarioOf(string id) => throw new NotSupportedException();

    public void CopyJournal(string id, string path) => throw new NotSupportedException();

    private sealed class OpenRun(IOpenJournal journal, ITraceSource records) : IOpenRun
    {
        public RunManifest Manifest => records.Manifest;

        public IEnumerable<TraceRecord> ReadStream(string streamName) => records.ReadStream(streamName);

        public IEnumerable<TraceRecord> ReadStream(string streamName, long first) => records.ReadStream(streamName, first);

        public void Dispose() => journal.Dispose();
    }
}
