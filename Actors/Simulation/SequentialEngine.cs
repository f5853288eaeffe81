using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// The reference: the same parts without actors, threads, windows or clock. One queue of what happens next over the whole board:
/// always the core that is furthest behind goes on, by steps shorter than the SGI latency, and a message is handed over the
/// moment it is sent. What it yields must equal what the actors yield, bit for bit.
/// </summary>
public sealed class SequentialEngine : IOutbox
{
    private readonly SimulatedBoard board;
    private readonly Dictionary<Address, IPart> parts = [];
    private readonly Queue<(Address To, object Message)> mail = new();
    private readonly MemoryTurns turns;
    private readonly VirtualInstant[] now;
    private readonly VirtualInstant[] next;
    private readonly long[] delivered;
    private readonly SortedDictionary<byte, CoreLease> stopped = [];
    private readonly List<StoreBatch> batches = [];

    /// <summary>Prepares a run. A board can run once.</summary>
    public SequentialEngine(SimulatedBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        this.board = board;
        turns = new MemoryTurns(board.Scenario);
        int cores = board.Cores.Count;
        now = new VirtualInstant[cores];
        next = new VirtualInstant[cores];
        delivered = new long[cores];
        foreach (IPart part in board.Cores.SelectMany(c => c.Hypervisor?.All ?? []).Concat(board.Cores.Select(c => c.Core)).Concat(board.Guests))
        {
            parts[part.Address] = part;
        }
    }

    /// <summary>What was recorded, in the order of completion.</summary>
    public IReadOnlyList<StoreBatch> Batches => batches;

    /// <summary>Runs to the end.</summary>
    public RunOutcome Run()
    {
        batches.Add(board.InputsBatch());
        batches.AddRange(board.Commands.Repeated());
        VirtualInstant end = board.Scenario.Duration;
        for (byte i = 0; i < now.Length; i++)
        {
            Tell(Address.Of(Role.Core, new CoreId(i)), new StartCore());
        }

        while (now.Any(t => t < end) && next.Any(t => t != VirtualInstant.Never))
        {
            (int core, VirtualInstant limit) = Choose(end);
            Tell(Address.Of(Role.Core, new CoreId((byte)core)), new RunUntil(limit, delivered[core]));
        }

        foreach (CoreParts core in board.Cores)
        {
            Tell(core.Core.Address, new StopCore(end));
        }

        string reason = next.All(t => t == VirtualInstant.Never) ? "idle" : "completed";
        RunOutcome outcome = RunEnding.Write(board, [.. stopped.Values], end, reason);
        batches.AddRange(board.Control.Take(true));
        return outcome with { Hash = RunEnding.Hash(board) };
    }

    /// <inheritdoc/>
    void IOutbox.Send(Address to, object message) => mail.Enqueue((to, message));

    /// <summary>
    /// The core whose next activity is earliest among those whose turn it is, for a step shorter than the SGI latency; a core
    /// whose turn comes first in spite of its being ahead may need all of the latency. Of those past the end, one that lags.
    /// </summary>
    private (int Core, VirtualInstant Limit) Choose(VirtualInstant end)
    {
        ulong latency = board.Scenario.Board.SgiLatency;
        foreach (ulong step in new[] { Math.Max(1, latency / 3), latency })
        {
            foreach (int core in Enumerable.Range(0, now.Length).Where(i => now[i] < end && next[i] < end).OrderBy(i => next[i]))
            {
                VirtualInstant limit = Limit(core, end, step);
                if (limit > next[core])
                {
                    return (core, limit);
                }
            }
        }

        int behind = Array.FindIndex(now, t => t < end);
        return next.All(t => t >= end) ? (behind, end) : throw new InvalidOperationException("It is no core's turn.");
    }

    private VirtualInstant Limit(int core, VirtualInstant end, ulong step)
    {
        VirtualInstant others = Enumerable.Range(0, now.Length).Where(i => i != core).Select(i => next[i]).DefaultIfEmpty(end).Min();
        VirtualInstant limit = VirtualInstant.Min(end, VirtualInstant.Max(others, next[core]) + step);
        limit = VirtualInstant.Min(limit, others >= end ? end : others + step);
        return VirtualInstant.Min(limit, turns.LimitFor(core, next));
    }

    private void Tell(Address to, object message)
    {
        mail.Enqueue((to, message));
        while (mail.TryDequeue(out (Address To, object Message) entry))
        {
            Dispatch(entry.To, entry.Message);
        }
    }

    private void Dispatch(Address to, object message)
    {
        switch (message)
        {
            case QuantumEnded ended:
                now[ended.Core.Index] = ended.Now;
                next[ended.Core.Index] = VirtualInstant.Max(ended.Now, ended.Next);
                break;
            case SendSgi send:
                int target = send.Message.Target.Index;
                delivered[target]++;
                next[target] = VirtualInstant.Max(now[target], VirtualInstant.Min(next[target], send.Message.Stamp.At));
                mail.Enqueue((Address.Of(Role.Core, send.Message.Target), new Deliver(send.Message)));
                break;
            case CoreStopped core:
                stopped[core.Core.Index] = core.Lease;
                break;
            case StoreBatch batch:
                batches.Add(batch);
                break;
            default:
                parts[to].Handle(message, this);
                break;
        }
    }
}
