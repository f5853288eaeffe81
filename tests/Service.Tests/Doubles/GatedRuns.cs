using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Service;
using ActorTrace.Traces.Events;

namespace ActorTrace.Service.Tests.Doubles;

/// <summary>Runs that are simulated as far as a test opens the gate: a share of each stream's records is stored.</summary>
internal sealed class GatedRuns : IRuns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private int _followers;

    /// <summary>Threads that follow now.</summary>
    public int Followers => Volatile.Read(ref _followers);

    public Gate Add(string id)
    {
        lock (_lock)
        {
            return _gates[id] = new Gate(id);
        }
    }

    public IReadOnlyList<RunStatus> List()
    {
        lock (_lock)
        {
            return [.. _gates.Values.Select(gate => gate.Status)];
        }
    }

    public RunStatus? Find(string id)
    {
        lock (_lock)
        {
            return _gates.TryGetValue(id, out Gate? gate) ? gate.Status : null;
        }
    }

    public Task<RunStatus> StartAsync(Scenario scenario, bool paused)
    {
        Gate gate = Add("started-" + scenario.Name);
        gate.IsPaused = paused;
        return Task.FromResult(gate.Status);
    }

    public Task<RunStatus> ContinueAsync(string id) => Set(id, paused: false);

    public Task<RunStatus> PauseAsync(string id) => Set(id, paused: true);

    public Task<RunStatus> StepAsync(string id, ulong nanoseconds) => Set(id, paused: true);

    public Task<RunStatus> StopAsync(string id)
    {
        GateOf(id).Open(1);
        return Task.FromResult(GateOf(id).Status);
    }

    public Task DeleteAsync(string id)
    {
        lock (_lock)
        {
            return _gates.Remove(id) ? Task.CompletedTask : throw NotFound(id);
        }
    }

    public Task<ulong> WriteControlAsync(string id, string file, string value) => Task.FromResult(GateOf(id).Status.SimulatedNs);

    public Scenario ScenarioOf(string id)
    {
        _ = GateOf(id);
        return MadeRun.Instance.Scenario;
    }

    public IOpenRun Open(string id) => new OpenRun(GateOf(id), follow: false, this, CancellationToken.None);

    public IOpenRun Follow(string id, CancellationToken stop) => new OpenRun(GateOf(id), follow: true, this, stop);

    public void CopyJournal(string id, string path)
    {
        if (GateOf(id).Status.IsLive)
        {
            throw new RunProblemException(RunProblem.WrongState, "it is being simulated");
        }

        File.WriteAllText(path, "a journal");
    }

    private static RunProblemException NotFound(string id) => new(RunProblem.NotFound, $"there is no run {id}");

    private Task<RunStatus> Set(string id, bool paused)
    {
        Gate gate = GateOf(id);
        if (!gate.Status.IsLive)
        {
            throw new RunProblemException(RunProblem.WrongState, "it is over");
        }

        gate.IsPaused = paused;
        return Task.FromResult(gate.Status);
    }

    private Gate GateOf(string id)
    {
        lock (_lock)
        {
            return _gates.TryGetValue(id, out Gate? gate) ? gate : throw NotFound(id);
        }
    }

    /// <summary>How far a run has come.</summary>
    internal sealed class Gate(string id)
    {
        private readonly object _moved = new();
        private double _share;

        public bool IsPaused { get; set; }

        public RunStatus Status
        {
            get
            {
                double share = Volatile.Read(ref _share);
                RunState state = share >= 1 ? RunState.Completed : IsPaused ? RunState.Paused : RunState.Running;
                return new RunStatus(
                    id, "arndale", state, null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), (ulong)(share * 300_000_000), 300_000_000, 2,
                    [new GuestStatus("android", 0, 1), new GuestStatus("ucos", 1, 1)], state == RunState.Completed ? new string('a', 64) : null);
            }
        }

        /// <summary>Stores up to a share of the records; all are stored at 1, and the run is over.</summary>
        public void Open(double share)
        {
            lock (_moved)
            {
                Volatile.Write(ref _share, Math.Max(_share, share));
                Monitor.PulseAll(_moved);
            }
        }

        public int Stored(int all) => (int)(Math.Min(1, Volatile.Read(ref _share)) * all);

        public void WaitFor(int number, int all, CancellationToken stop)
        {
            using CancellationTokenRegistration wake = stop.Register(() =>
            {
                lock (_moved)
                {
                    Monitor.PulseAll(_moved);
                }
            });
            lock (_moved)
            {
                while (Stored(all) <= number && _share < 1 && !stop.IsCancellationRequested)
                {
                    Monitor.Wait(_moved);
                }
            }
        }
    }

    private sealed class OpenRun : IOpenRun
    {
        private readonly Gate _gate;
        private readonly bool _follow;
        private readonly GatedRuns _runs;
        private readonly CancellationToken _stop;
        private readonly int _percent;

        public OpenRun(Gate gate, bool follow, GatedRuns runs, CancellationToken stop)
        {
            (_gate, _follow, _runs, _stop, _percent) = (gate, follow, runs, stop, gate.Stored(1_000_000));
            Interlocked.Add(ref runs._followers, follow ? 1 : 0);
        }

        public RunManifest Manifest => MadeRun.Instance.Manifest;

        public IEnumerable<TraceRecord> ReadStream(string streamName)
        {
            IReadOnlyList<TraceRecord> records = MadeRun.Instance.Records(streamName);
            int end = _follow ? records.Count : (int)((long)records.Count * _percent / 1_000_000);
            for (int i = 0; i < end; i++)
            {
                if (_follow)
                {
                    _gate.WaitFor(i, records.Count, _stop);
                    if (_stop.IsCancellationRequested)
                    {
                        yield break;
                    }
                }

                yield return records[i];
            }
        }

        public void Dispose() => Interlocked.Add(ref _runs._followers, _follow ? -1 : 0);
    }
}
