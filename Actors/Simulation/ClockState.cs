using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// Grants conservative windows. A core may run until the earliest instant at which any other core can act, plus the latency
/// of an SGI: nothing that reaches it can be stamped earlier. What depends on the host (threads, order of arrival) decides
/// nothing here; journal credits only delay a grant.
/// </summary>
/// <param name="scenario">The scenario: cores, latency, window, duration.</param>
/// <param name="batchLimit">Batches that may be on the way to the journal at once.</param>
public sealed class ClockState(Scenario scenario, int batchLimit) : IPart
{
    private readonly MemoryTurns turns = new(scenario);
    private readonly Entry[] cores = [.. Enumerable.Range(0, scenario.Board.Cores).Select(_ => new Entry())];
    private Phase phase = Phase.Created;
    private int running;
    private long routedSends;
    private long storedBatches;
    private string? stopReason;
    private VirtualInstant announced;

    private enum Phase
    {
        Created,
        Running,
        Routing,
        WaitingForJournal,
        Stopped,
    }

    /// <inheritdoc/>
    public Address Address => Address.Clock;

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message, phase)
        {
            case (StartClock, Phase.Created):
                Start(outbox);
                break;
            case (QuantumEnded ended, Phase.Running):
                End(ended, outbox);
                break;
            case (WindowRouted routed, Phase.Routing):
                Routed(routed, outbox);
                break;
            case (BatchesStored stored, _):
                storedBatches += stored.Count;
                if (phase == Phase.WaitingForJournal)
                {
                    Grant(outbox);
                }

                break;
            case (StopClock stop, _):
                stopReason ??= stop.Reason;
                break;
            default:
                throw new ProtocolViolationException(Address, phase.ToString(), message);
        }
    }

    private void Start(IOutbox outbox)
    {
        phase = Phase.Running;
        running = cores.Length;
        for (byte i = 0; i < cores.Length; i++)
        {
            cores[i].Granted = true;
            outbox.Send(Address.Of(Role.Core, new CoreId(i)), new StartCore());
        }
    }

    private void End(QuantumEnded ended, IOutbox outbox)
    {
        Entry core = cores[ended.Core.Index];
        if (!core.Granted)
        {
            throw new ProtocolViolationException(Address, $"{ended.Core} has no grant", ended);
        }

        (core.Granted, core.Now, core.Next, core.Sends, core.Batches) =
            (false, ended.Now, VirtualInstant.Max(ended.Now, ended.Next), ended.Sends, ended.Batches);
        if (--running > 0)
        {
            return;
        }

        long sends = cores.Sum(c => c.Sends);
        if (sends == routedSends)
        {
            Grant(outbox);
            return;
        }

        routedSends = sends;
        phase = Phase.Routing;
        outbox.Send(Address.Gic, new CloseWindow(sends));
    }

    private void Routed(WindowRouted routed, IOutbox outbox)
    {
        for (int i = 0; i < cores.Length; i++)
        {
            cores[i].Deliveries = routed.Routed[i];
            cores[i].Next = VirtualInstant.Max(cores[i].Now, VirtualInstant.Min(cores[i].Next, routed.Earliest[i]));
        }

        Grant(outbox);
    }

    private void Grant(IOutbox outbox)
    {
        VirtualInstant reached = cores.Min(c => c.Now);
        if (stopReason is not null)
        {
            Stop(reached, stopReason, outbox);
            return;
        }

        if (cores.Sum(c => c.Batches) - storedBatches > batchLimit)
        {
            phase = Phase.WaitingForJournal;
            return;
        }

        VirtualInstant earliest = cores.Min(c => c.Next);
        if (earliest == VirtualInstant.Never || reached >= scenario.Duration)
        {
            // Whether a window happened to reach the end of an idle run must not show.
            Stop(scenario.Duration, earliest == VirtualInstant.Never ? "idle" : "completed", outbox);
            return;
        }

        Announce(VirtualInstant.Min(earliest, scenario.Duration), outbox);
        phase = Phase.Running;
        VirtualInstant[] next = [.. cores.Select(c => c.Next)];
        VirtualInstant cap = VirtualInstant.Min(earliest + scenario.Board.MaxWindow, scenario.Duration);
        for (byte i = 0; i < cores.Length; i++)
        {
            VirtualInstant limit = earliest >= scenario.Duration
                ? scenario.Duration
                : VirtualInstant.Min(turns.LimitFor(i, next), VirtualInstant.Min(cap, EarliestOfOthers(i) + scenario.Board.SgiLatency));
            bool acts = cores[i].Next < limit || (limit == scenario.Duration && earliest >= limit);
            if (acts && cores[i].Now < limit)
            {
                cores[i].Granted = true;
                running++;
                outbox.Send(Address.Of(Role.Core, new CoreId(i)), new RunUntil(limit, cores[i].Deliveries));
            }
        }
    }

    private void Announce(VirtualInstant at, IOutbox outbox)
    {
        const int Steps = 400;
        if ((at.Cycles - announced.Cycles) * Steps >= scenario.Duration.Cycles)
        {
            announced = at;
            outbox.Send(Address.Simulation, new TimeAdvanced(at));
        }
    }

    private void Stop(VirtualInstant at, string reason, IOutbox outbox)
    {
        phase = Phase.Stopped;
        outbox.Send(Address.Simulation, new ClockStopped(at, reason));
    }

    private VirtualInstant EarliestOfOthers(int core)
    {
        VirtualInstant earliest = VirtualInstant.Never;
        for (int i = 0; i < cores.Length; i++)
        {
            if (i != core)
            {
                earliest = VirtualInstant.Min(earliest, cores[i].Next);
            }
        }

        return earliest;
    }

    private sealed class Entry
    {
        public bool Granted { get; set; }

        public VirtualInstant Now { get; set; }

        public VirtualInstant Next { get; set; }

        public long Sends { get; set; }

        public long Batches { get; set; }

        public long Deliveries { get; set; }
    }
}
