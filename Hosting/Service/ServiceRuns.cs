using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using ActorTrace.Actors.Runs;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Journals;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using Akka.Actor;

namespace ActorTrace.Hosting.Service;

/// <summary>The runs of the service: the actors of those that are simulated, the journal of all.</summary>
internal sealed class ServiceRuns : IRuns
{
    /// <summary>The longest text that is written to a control file.</summary>
    private const int LongestValue = 1024;

    // For an answer that was sent before the run's actors ended.
    private static readonly TimeSpan LastAnswer = TimeSpan.FromMilliseconds(500);

    private readonly JournalWriter _writer;
    private readonly ConcurrentDictionary<RunId, LiveRun> _live;
    private readonly StoredRuns _stored;

    // What the journal says of a run that is simulated does not change, but for what its actors say.
    private readonly ConditionalWeakTable<LiveRun, RunStatus> _begun = [];
    private readonly ServiceLimits _limits;
    private readonly IActorRef _runs;

    /// <summary>Brings actors and journal together.</summary>
    /// <param name="setup">What the runs share.</param>
    /// <param name="limits">What the service allows.</param>
    /// <param name="runs">The <see cref="RunsActor"/>.</param>
    public ServiceRuns(RunsSetup setup, ServiceLimits limits, IActorRef runs)
    {
        (_writer, _live, _limits, _runs) = (setup.Writer, setup.Live, limits, runs);
        _stored = new StoredRuns(setup.Writer.Path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RunStatus> List()
    {
        return [.. _stored.Ids().Select(Status)];
    }

    /// <inheritdoc/>
    public RunStatus? Find(string id) => RunId.TryParse(id, out RunId run) && Exists(run) ? Status(run) : null;

    /// <inheritdoc/>
    public async Task<RunStatus> StartAsync(Scenario scenario, bool paused)
    {
        CheckLimits(scenario);
        return await BeginAsync(new BeginRun(scenario, null, paused));
    }

    /// <inheritdoc/>
    public async Task<RunStatus> ContinueAsync(string id)
    {
        RunId run = Parse(id);
        if (_live.ContainsKey(run))
        {
            _ = await AskAsync<RunGoesOn>(run, new ReleaseRun(null));
            return Status(run);
        }

        RunStatus status = Status(run);
        if (status.State != RunState.Unfinished)
        {
            throw new RunProblemException(RunProblem.WrongState, $"run {id} is {Name(status.State)} (only a run that is paused or was cut off can be continued)");
        }

        (Scenario scenario, StoredRun stored) = ReadStored(run);
        return await BeginAsync(new BeginRun(scenario, stored, false));
    }

    /// <inheritdoc/>
    public async Task<RunStatus> PauseAsync(string id)
    {
        RunId run = Parse(id);
        _ = await AskAsync<RunRests>(run, new HaltRun());
        return Status(run);
    }

    /// <inheritdoc/>
    public async Task<RunStatus> StepAsync(string id, ulong nanoseconds)
    {
        RunId run = Parse(id);
        ulong cycles = _live.TryGetValue(run, out LiveRun? live) ? live.Scenario.Board.Clock.FromNanoseconds(nanoseconds).Cycles : 0;
        _ = await AskAsync<RunRests>(run, new ReleaseRun(Math.Max(1, cycles)));
        return Status(run);
    }

    /// <inheritdoc/>
    public async Task<RunStatus> StopAsync(string id)
    {
        RunId run = Parse(id);
        _ = await AskAsync<RunRests>(run, new EndRun());
        return Status(run);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string id)
    {
        RunId run = Parse(id);
        if (_live.ContainsKey(run))
        {
            try
            {
                _ = await AskAsync<RunRests>(run, new EndRun());
            }
            catch (RunProblemException e) when (e.Problem == RunProblem.WrongState)
            {
                // It has just ended by itself.
            }
        }

        _writer.Delete(run);
        _stored.Forget(run);
    }

    /// <inheritdoc/>
    public async Task<ulong> WriteControlAsync(string id, string file, string value)
    {
        RunId run = Parse(id);
        if (value.Length > LongestValue || file.Length > LongestValue)
        {
            throw new RunProblemException(RunProblem.OverLimit, $"what is written to a control file has at most {LongestValue} characters");
        }

        Scenario? scenario = _live.TryGetValue(run, out LiveRun? live) ? live.Scenario : null;
        if (scenario is not null && !(scenario.Hypervisor && scenario.Guests.Any(g => g.Profiler)))
        {
            throw new RunProblemException(RunProblem.WrongState, $"run {id} has no guest with the trace profiler, so it has no control files (add 'profiler: true' to the workload guest)");
        }

        ControlStored stored = await AskAsync<ControlStored>(run, new WriteControl(file, value));
        return scenario!.Board.Clock.ToNanoseconds(stored.At);
    }

    /// <inheritdoc/>
    public Scenario ScenarioOf(string id)
    {
        RunId run = Parse(id);
        return _live.TryGetValue(run, out LiveRun? live) ? live.Scenario : ReadStored(run).Scenario;
    }

    /// <inheritdoc/>
    public IOpenRun Open(string id)
    {
        RunId run = Parse(id);
        return new OpenRun(JournalReader.Open(_writer.Path), run);
    }

    /// <inheritdoc/>
    public IOpenRun Follow(string id, CancellationToken stop)
    {
        RunId run = Parse(id);
        return _live.TryGetValue(run, out LiveRun? live)
            ? new FollowedRun(JournalReader.Open(_writer.Path), run, live.Stored, stop)
            : new OpenRun(JournalReader.Open(_writer.Path), run);
    }

    /// <inheritdoc/>
    public void CopyJournal(string id, string path)
    {
        RunId run = Parse(id);
        if (IsLive(run))
        {
            throw new RunProblemException(RunProblem.WrongState, $"run {id} is being simulated (stop it, or wait until it is over)");
        }

        JournalRuns.Copy(_writer.Path, run, path);
    }

    private static string Name(RunState state) => state.ToString().ToLowerInvariant();

    private void CheckLimits(Scenario scenario)
    {
        double seconds = scenario.Board.Clock.ToNanoseconds(scenario.Duration) / 1e9;
        if (seconds > _limits.MaxSimulatedTime.TotalSeconds)
        {
            throw new RunProblemException(RunProblem.OverLimit, string.Create(
                CultureInfo.InvariantCulture, $"the run is to last {seconds:0.###} s of simulated time, at most {_limits.MaxSimulatedTime.TotalSeconds:0.###} s are allowed"));
        }

        long bytes = scenario.Guests.Sum(g => (long)g.Platform.RamSize + g.FlashImage.Length);
        if (bytes > _limits.MaxMemoryBytes)
        {
            throw new RunProblemException(RunProblem.OverLimit, string.Create(
                CultureInfo.InvariantCulture, $"the guests have {bytes >> 20} MiB of memory, at most {_limits.MaxMemoryBytes >> 20} MiB are allowed"));
        }
    }

    private async Task<RunStatus> BeginAsync(BeginRun begin)
    {
        object answer = await _runs.Ask(Traced.With(begin), Timeout.InfiniteTimeSpan);
        if (answer is RunBegun begun)
        {
            LiveRun run = begun.Run;
            _ = run.Gone.ContinueWith(_ => Explain(run), TaskScheduler.Default);
            return Status(run.Id);
        }

        throw Problem((RunRefused)answer);
    }

    private void Explain(LiveRun run)
    {
        if (run.EndedBecause is { } reason)
        {
            _stored.Explain(run.Id, reason);
        }
    }

    private async Task<T> AskAsync<T>(RunId run, object command)
    {
        using var abandon = new CancellationTokenSource();
        Task gone = _live.TryGetValue(run, out LiveRun? live) ? live.Gone : Task.CompletedTask;
        Task<object> asked = _runs.Ask(Traced.With(new CommandRun(run, command)), Timeout.InfiniteTimeSpan, abandon.Token);
        if (await Task.WhenAny(asked, gone) == gone && await Task.WhenAny(asked, Task.Delay(LastAnswer, CancellationToken.None)) != asked)
        {
            await abandon.CancelAsync();
            throw Over(run);
        }

        return await asked switch
        {
            T expected => expected,
            RunRefused refused => throw Problem(refused),
            _ => throw Over(run),
        };
    }

    private static RunProblemException Over(RunId run) => new(RunProblem.WrongState, $"run {run} is over");

    private static RunProblemException Problem(RunRefused refused) => new(
        refused.Refusal == RunRefusal.TooMany ? RunProblem.TooMany : RunProblem.WrongState, refused.Reason);

    private RunId Parse(string id) => RunId.TryParse(id, out RunId run) && Exists(run)
        ? run
        : throw new RunProblemException(RunProblem.NotFound, $"there is no run {id}");

    private bool Exists(RunId run) => _live.ContainsKey(run) || _stored.Ids().Contains(run);

    private bool IsLive(RunId run) => _live.TryGetValue(run, out LiveRun? live) && live.Present.Phase != LivePhase.Over;

    /// <summary>What the actors say where there are some, else the journal.</summary>
    private RunStatus Status(RunId run)
    {
        if (!_live.TryGetValue(run, out LiveRun? live))
        {
            return _stored.Read(run);
        }

        (LivePhase phase, VirtualInstant now) = live.Present;
        if (phase == LivePhase.Over)
        {
            RunStatus ended = _stored.Read(run);
            return ended with { Reason = live.EndedBecause ?? ended.Reason };
        }

        RunState state = phase switch
        {
            LivePhase.Paused => RunState.Paused,
            LivePhase.Repeating => RunState.Repeating,
            _ => RunState.Running,
        };
        return _begun.GetValue(live, l => _stored.Read(l.Id)) with
        {
            State = state, SimulatedNs = live.Scenario.Board.Clock.ToNanoseconds(now), Hash = null,
        };
    }

    private (Scenario Scenario, StoredRun Stored) ReadStored(RunId run)
    {
        using JournalReader reader = JournalReader.Open(_writer.Path);
        var source = new RecordedRun(reader, run);
        return source.Manifest.ImportedFrom is { } file
            ? throw new RunProblemException(RunProblem.WrongState, $"run {run} was imported from {file}, not simulated")
            : (StoredScenario.Load(run.ToString(), source), StoredRun.Read(reader, run));
    }

    private sealed class OpenRun(JournalReader reader, RunId run) : IOpenRun
    {
        private readonly RecordedRun _run = new(reader, run);

        public RunManifest Manifest => _run.Manifest;

        public IEnumerable<TraceRecord> ReadStream(string streamName) => _run.ReadStream(streamName);

        public IEnumerable<TraceRecord> ReadStream(string streamName, long first) => _run.ReadStream(streamName, first);

        public void Dispose() => reader.Dispose();
    }
}
