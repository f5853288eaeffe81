using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Recording;
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
/// <param name="commands">The stream of commands from outside.</param>
public sealed class ClockState(Scenario scenario, int batchLimit, CommandLog commands) : IPart
{
    private const ulong AnnouncementsPerSecond = 100;
    private readonly MemoryTurns turns = new(scenario);
    private readonly CommandQueue queue = new(scenario, commands);
    private readonly StoredMark storedMark = new();
    private readonly ulong batchSpan = BatchSpan.Of(scenario.Board.Clock);
    private readonly ulong batchLag = BatchSpan.LagOf(scenario.Board.Clock);
    private readonly Entry[] cores = [.. Enumerable.Range(0, scenario.Board.Cores).Select(_ => new Entry())];
    private Phase phase = Phase.Created;
    private int running;
    private long routedSends;
    private long storedBatches;
    private string? stopReason;
    private VirtualInstant announced;
    private VirtualInstant pauseAt = VirtualInstant.Never;
    private VirtualInstant rest;
    private bool rested;
    private long order;
    private long answered;

    private enum Phase
    {
        Created,
        Running,
        Routing,
        WaitingForJournal,
        WaitingForCommand,
        Flushing,
        Paused,
        Stopped,
    }

    /// <summary>True while a run that is continued is behind what is stored of it: commands wait until it is not.</summary>
    public bool Repeating
    {
        get => queue.Held;
        init => queue.Held = value;
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
                Stored(stored.Count, outbox);
                break;
            case (RecordsFlushed flushed, Phase.Flushing):
                Flushed(flushed, outbox);
                break;
            case (CommandBatchStored, Phase.WaitingForCommand):
                CommandIsStored(outbox);
                break;
            case (CommandBatchStored, _):
                // One of an earlier execution.
                break;
            default:
                Command(message, outbox);
                break;
        }
    }

    /// <summary>What is asked from outside: at any time, and it takes effect between two windows.</summary>
    private void Command(object message, IOutbox outbox)
    {
        switch (message)
        {
            case StopClock stop:
                stopReason ??= stop.Reason;
                break;
            case PauseClock pause:
                (order, pauseAt) = (pause.Order, VirtualInstant.Zero);
                break;
            case ContinueClock go:
                (order, pauseAt) = (go.Order, go.Until);
                break;
            case StampCommand stamp:
                queue.Add(stamp);
                break;
            case JournalRepeated:
                queue.Held = false;
                break;
            default:
                throw new ProtocolViolationException(Address, phase.ToString(), message);
        }

        if (phase == Phase.Paused)
        {
            Grant(outbox);
        }
    }

    private void Stored(int batches, IOutbox outbox)
    {
        storedBatches += batches;
        if (storedMark.Take(storedBatches) is { } before)
        {
            outbox.Send(Address.Simulation, new RecordsStored(before));
        }

        if (phase == Phase.WaitingForJournal)
        {
            Grant(outbox);
        }
        else if (phase == Phase.Flushing)
        {
            Rest(outbox);
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

        if (queue.TryStamp(VirtualInstant.Max(rest, cores.Max(c => c.Now)), outbox) is { } at)
        {
            Entry gpos = cores[queue.Core.Index];
            gpos.Next = VirtualInstant.Min(gpos.Next, at);
            phase = Phase.WaitingForCommand;
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
        if (earliest >= pauseAt)
        {
            Pause(outbox);
            return;
        }

        phase = Phase.Running;
        rested = false;
        VirtualInstant[] next = [.. cores.Select(c => c.Next)];
        VirtualInstant cap = VirtualInstant.Min(earliest + scenario.Board.MaxWindow, VirtualInstant.Min(pauseAt, scenario.Duration));
        for (byte i = 0; i < cores.Length; i++)
        {
            VirtualInstant limit = earliest >= scenario.Duration
                ? scenario.Duration
                : VirtualInstant.Min(turns.LimitFor(i, next), VirtualInstant.Min(cap, EarliestOfOthers(i) + scenario.Board.SgiLatency));

            // A core that sleeps for long is granted time too: what it recorded before is not to stay with it.
            bool acts = cores[i].Next < limit || (limit == scenario.Duration && earliest >= limit)
                || limit.Cycles > cores[i].Now.Cycles + batchSpan;
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
        if ((at.Cycles - announced.Cycles) * AnnouncementsPerSecond >= scenario.Board.Clock.CoreHz)
        {
            announced = at;
            outbox.Send(Address.Simulation, new TimeAdvanced(at));
            if (at.Cycles > batchLag)
            {
                storedMark.Add(cores.Sum(c => c.Batches), new VirtualInstant(at.Cycles - batchLag));
            }
        }
    }

    /// <summary>Whoever halts a run wants to see all of what led there.</summary>
    private void Pause(IOutbox outbox)
    {
        rest = VirtualInstant.Max(rest, VirtualInstant.Max(cores.Max(c => c.Now), pauseAt));
        if (rested)
        {
            // Nothing happened since the last halt but a command, or a step that was shorter than the way to the next event.
            phase = Phase.Paused;
            TellRest(outbox);
            return;
        }

        phase = Phase.Flushing;
        running = cores.Length;
        for (byte i = 0; i < cores.Length; i++)
        {
            outbox.Send(Address.Of(Role.Core, new CoreId(i)), new FlushRecords());
        }
    }

    private void Flushed(RecordsFlushed flushed, IOutbox outbox)
    {
        cores[flushed.Core.Index].Batches = flushed.Batches;
        if (--running == 0)
        {
            Rest(outbox);
        }
    }

    private void Rest(IOutbox outbox)
    {
        if (running == 0 && storedBatches >= cores.Sum(c => c.Batches))
        {
            phase = Phase.Paused;
            rested = true;
            outbox.Send(Address.Simulation, new RecordsStored(rest));
            TellRest(outbox);
            if (stopReason is not null || pauseAt > rest || queue.Waits)
            {
                Grant(outbox);
            }
        }
    }

    /// <summary>Each order is answered once.</summary>
    private void TellRest(IOutbox outbox)
    {
        if (answered != order)
        {
            answered = order;
            outbox.Send(Address.Simulation, new ClockPaused(rest, order));
        }
    }

    private void CommandIsStored(IOutbox outbox)
    {
        queue.Release(outbox);
        Grant(outbox);
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
