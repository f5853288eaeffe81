using System.Collections.Immutable;
using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Guests;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// A run: creates the actors, tells each where the others are, starts the clock, and ends the run. Any actor's failure ends it
/// with a named cause; what was recorded until then is stored.
/// </summary>
public sealed class SimulationActor : ReceiveActor, IWithUnboundedStash
{
    private const int BatchLimit = 64;
    private readonly SimulatedBoard board;
    private readonly Props journalProps;
    private readonly IProgress<VirtualInstant>? progress;
    private readonly Dictionary<Address, IActorRef> parts = [];
    private readonly SortedDictionary<byte, CoreLease> stopped = [];
    private readonly Dictionary<long, IActorRef> commands = [];
    private int expected;
    private bool startPaused;
    private bool stopEarly;
    private IActorRef observer = ActorRefs.Nobody;
    private VirtualInstant pausedAt;
    private long tickets;
    private IActorRef requester = ActorRefs.Nobody;
    private RunOutcome? outcome;
    private ClockStopped? end;

    /// <summary>Creates a run.</summary>
    /// <param name="board">The pure parts.</param>
    /// <param name="journalProps">The journal: takes <see cref="StoreBatch"/> and <see cref="CompleteJournal"/>.</param>
    /// <param name="progress">Told how far simulated time has come.</param>
    public SimulationActor(SimulatedBoard board, Props journalProps, IProgress<VirtualInstant>? progress)
    {
        this.board = board;
        this.journalProps = journalProps;
        this.progress = progress;
        Become(Created);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        Traced.Handle(this, message, traced => base.AroundReceive(receive, traced));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy()
    {
        IActorRef self = Self;
        return new OneForOneStrategy(cause =>
        {
            self.Tell(new PartFailed(Context.Sender, cause));
            return Directive.Stop;
        });
    }

    private void Created()
    {
        Receive<StartRun>(start =>
        {
            requester = Sender;
            observer = start.Observer ?? ActorRefs.Nobody;
            startPaused = start.Paused;
            CreateParts();
            Become(Wiring);
        });
        Receive<StopRun>(_ => stopEarly = true);
    }

    private void Wiring()
    {
        Receive<PartStarted>(started =>
        {
            parts[started.Part] = started.Actor;
            if (parts.Count == expected)
            {
                Wire wire = new(parts.ToImmutableDictionary());
                foreach (IActorRef actor in parts.Values)
                {
                    actor.Tell(wire);
                }

                parts[Address.Journal].Tell(board.InputsBatch());
                foreach (StoreBatch command in board.Commands.Repeated())
                {
                    parts[Address.Journal].Tell(command);
                }

                if (startPaused)
                {
                    parts[Address.Clock].Tell(new PauseClock(1));
                }

                parts[Address.Clock].Tell(new StartClock());
                if (stopEarly)
                {
                    Self.Tell(new StopRun());
                }

                Become(Running);
                Stash.UnstashAll();
            }
        });
        Receive<StopRun>(_ => stopEarly = true);
        Receive<PartFailed>(Fail);
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        Observe();
        Control();
        Receive<StopRun>(_ => parts[Address.Clock].Tell(new StopClock("interrupted")));
        Receive<ClockStopped>(clock =>
        {
            end = clock;
            foreach (IActorRef sender in commands.Values)
            {
                sender.Tell(new ControlRefused());
            }

            for (byte i = 0; i < board.Scenario.Board.Cores; i++)
            {
                parts[Address.Of(Role.Core, new CoreId(i))].Tell(new StopCore(clock.At));
            }

            Become(StoppingCores);
        });
        Receive<PartFailed>(Fail);
    }

    /// <summary>What others are told of.</summary>
    private void Observe()
    {
        Receive<TimeAdvanced>(advanced =>
        {
            progress?.Report(advanced.At);
            observer.Tell(advanced);
        });
        Receive<ClockPaused>(paused =>
        {
            pausedAt = paused.At;
            observer.Tell(paused);
        });
        Receive<RecordsStored>(observer.Tell);
        Receive<InputsStored>(observer.Tell);
        Receive<JournalRepeated>(observer.Tell);
    }

    /// <summary>What is asked from outside.</summary>
    private void Control()
    {
        Receive<PauseRun>(pause => parts[Address.Clock].Tell(new PauseClock(pause.Order)));
        Receive<ContinueRun>(go => parts[Address.Clock].Tell(new ContinueClock(go.Order, go.For is { } cycles ? pausedAt + cycles : VirtualInstant.Never)));
        Receive<WriteControl>(write =>
        {
            commands.Add(++tickets, Sender);
            parts[Address.Clock].Tell(new StampCommand(tickets, write.File, write.Value));
        });
        Receive<CommandStored>(stored =>
        {
            if (commands.Remove(stored.Ticket, out IActorRef? sender))
            {
                sender.Tell(new ControlStored(stored.At));
            }
        });
    }

    private void StoppingCores()
    {
        Receive<StopRun>(_ => { });
        Receive<WriteControl>(_ => Sender.Tell(new ControlRefused()));
        Observe();
        Receive<CoreStopped>(core =>
        {
            stopped[core.Core.Index] = core.Lease;
            if (stopped.Count == board.Scenario.Board.Cores && end is { } clock)
            {
                RunOutcome written = RunEnding.Write(board, [.. stopped.Values], clock.At, clock.Reason);
                StoreRest();
                outcome = written with { Hash = RunEnding.Hash(board) };
                Become(Completing);
            }
        });
        Receive<PartFailed>(Fail);
    }

    private void Completing()
    {
        Receive<StopRun>(_ => { });
        Receive<WriteControl>(_ => Sender.Tell(new ControlRefused()));
        Observe();
        Receive<JournalCompleted>(completed =>
        {
            if (completed.Hash is { } stored && outcome is { Failure: null } && !string.Equals(stored, outcome.Hash, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The journal stored a run with hash {stored}, the run's own is {outcome.Hash}.");
            }

            requester.Tell(new RunFinished(outcome!));
            Context.Stop(Self);
        });
        Receive<PartFailed>(failed =>
        {
            // The journal itself failed at the end, or a second part after the first: the first cause stands.
            requester.Tell(new RunFinished(outcome is { Failure: not null } ? outcome : Failed(failed)));
            Context.Stop(Self);
        });
        ReceiveAny(_ => { });
    }

    private void Fail(PartFailed failed)
    {
        outcome = Failed(failed);
        if (!parts.TryGetValue(Address.Journal, out IActorRef? journal) || journal.Equals(failed.Actor))
        {
            requester.Tell(new RunFinished(outcome));
            Context.Stop(Self);
            return;
        }

        foreach (IActorRef child in Context.GetChildren().Where(c => !c.Equals(journal)))
        {
            Context.Stop(child);
        }

        board.Control.Add(
            new ActorTrace.Traces.Events.RunEndRecord(new Stamp(VirtualInstant.Zero, SourceId.Outside, 0), VirtualInstant.Zero, outcome.Reason, 0),
            VirtualInstant.Zero);
        StoreRest();
        Become(Completing);
    }

    private static RunOutcome Failed(PartFailed failed)
    {
        Exception cause = failed.Cause.GetBaseException();
        return new RunOutcome(VirtualInstant.Zero, $"failed: {cause.Message}", string.Empty, [], cause);
    }

    private void StoreRest()
    {
        IActorRef journal = parts[Address.Journal];
        foreach (StoreBatch batch in board.Control.Take(true))
        {
            journal.Tell(batch);
        }

        journal.Tell(new CompleteJournal());
    }

    private void CreateParts()
    {
        IActorRef self = Self;
        expected = 3 + board.Guests.Count + board.Cores.Count + board.Cores.Sum(c => c.Hypervisor?.All.Count() ?? 0) + 1;
        parts[Address.Simulation] = self;
        IActorRef journal = Context.ActorOf(journalProps, "journal");
        parts[Address.Journal] = journal;
        ClockState clock = new(board.Scenario, BatchLimit, board.Commands) { Repeating = board.Continues };
        GicState gic = new(board.Scenario.Board.Cores);
        Context.ActorOf(Props.Create(() => new ClockActor(clock, self)), "clock");
        Context.ActorOf(Props.Create(() => new GicActor(gic, self)), "gic");
        foreach (GuestState guest in board.Guests)
        {
            Context.ActorOf(Props.Create(() => new GuestActor(guest, self)), $"guest-{guest.Address.Index}");
        }

        foreach (CoreParts core in board.Cores)
        {
            Context.ActorOf(Props.Create(() => new CoreActor(core.Core, core.Hypervisor, self)), $"core-{core.Core.Address.Index}");
        }
    }
}
