using System.Collections.Concurrent;
using ActorTrace.Hosting.Journals;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Service;

/// <summary>What the journal says of runs that are not being simulated. What was read once of a run that is over is kept: it does not change.</summary>
/// <param name="path">The journal.</param>
internal sealed class StoredRuns(string path)
{
    private const string FailedPrefix = "failed: ";
    private const ulong NanosecondsOfATick = 100;
    private readonly ConcurrentDictionary<RunId, RunStatus> _known = [];

    /// <summary>Ids of all runs, the latest first.</summary>
    public IReadOnlyList<RunId> Ids()
    {
        using JournalReader reader = JournalReader.Open(path);
        return [.. reader.RunIds().Reverse()];
    }

    /// <summary>A run as the journal has it.</summary>
    public RunStatus Read(RunId run)
    {
        if (_known.TryGetValue(run, out RunStatus? known))
        {
            return known;
        }

        using JournalReader reader = JournalReader.Open(path);
        RunStatus status = Read(reader, run);
        return status.State == RunState.Unfinished ? status : _known.GetOrAdd(run, status);
    }

    /// <summary>Says why a run was ended from inside the service.</summary>
    public void Explain(RunId run, string reason) => _known[run] = Read(run) with { Reason = reason };

    /// <summary>The run was removed.</summary>
    public void Forget(RunId run) => _known.TryRemove(run, out _);

    private static RunStatus Read(JournalReader reader, RunId run)
    {
        RunManifest manifest = RecordedRun.ReadManifest(reader, run);
        RunInfo info = reader.Describe(run);
        RunEndRecord? end = info.Hash is null ? null
            : reader.Read(run, StreamNames.Control).SelectMany(b => RecordedRun.Records(b.Payload)).OfType<RunEndRecord>().LastOrDefault();
        VirtualInstant at = end is { At.Cycles: > 0 } ? end.At : LastOf(reader, info);
        bool failed = end?.Reason.StartsWith(FailedPrefix, StringComparison.Ordinal) ?? false;
        return new RunStatus(
            run.ToString(), manifest.Name, State(manifest, end, failed), failed ? end!.Reason[FailedPrefix.Length..] : null,
            DateTimeOffset.UnixEpoch.AddTicks((long)(reader.BegunAt(run) / NanosecondsOfATick)),
            manifest.Clock.ToNanoseconds(at), Duration(manifest), manifest.Cores,
            [.. manifest.Guests.Select(g => new GuestStatus(g.Name, g.FirstLinuxCpu, g.VcpuCores.Count))], info.Hash);
    }

    private static RunState State(RunManifest manifest, RunEndRecord? end, bool failed) => end?.Reason switch
    {
        _ when manifest.ImportedFrom is not null => RunState.Imported,
        null => RunState.Unfinished,
        _ when failed => RunState.Failed,
        "completed" => RunState.Completed,
        "idle" => RunState.Idle,
        _ => RunState.Interrupted,
    };

    private static VirtualInstant LastOf(JournalReader reader, RunInfo info) =>
        info.Streams.Where(s => s.Batches > 0).Aggregate(
            VirtualInstant.Zero,
            (last, stream) => reader.Read(info.Id, stream.Name, stream.Batches).Take(1).Aggregate(last, (l, batch) => VirtualInstant.Max(l, batch.Last)));

    private static ulong Duration(RunManifest manifest) =>
        manifest.ImportedFrom is null ? manifest.Clock.ToNanoseconds(ScenarioLoader.DurationOf(manifest.Scenario, manifest.Clock)) : 0;
}
