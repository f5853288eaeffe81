using System.Globalization;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using Akka.Actor;

namespace ActorTrace.Actors.Runs;

/// <summary>
/// A run among others: its child `board` is the simulation. Keeps what others see of it, and answers commands when they have taken
/// effect. A run that breaks is told of and leaves the others alone.
/// </summary>
public sealed class RunActor : ReceiveActor, IWithTimers
{
    private const string LimitTimer = "limit";
    private readonly LiveRun run;
    private readonly BeginRun begin;
    private readonly TimeSpan patience;
    private readonly List<IActorRef> awaitingRest = [];
    private readonly List<IActorRef> awaitingEnd = [];
    private IActorRef requester;
    private IActorRef board = ActorRefs.Nobody;
    private TimeSpan used;
    private TimeSpan since;
    private long orders = 1;
    private bool stored;
    private bool repeating;
    private LivePhase phase;

    /// <summary>Creates the actor of a run.</summary>
    /// <param name="run">What others see of it.</param>
    /// <param name="begin">What to simulate.</param>
    /// <param name="patience">The longest real time that it is simulated.</param>
    /// <param name="requester">Gets <see cref="RunBegun"/>.</param>
    public RunActor(LiveRun run, BeginRun begin, TimeSpan patience, IActorRef requester)
    {
        (this.run, this.begin, this.patience, this.requester) = (run, begin, patience, requester);
        repeating = begin.Stored is not null;
        Observe();
        Obey();
    }

    private sealed record LimitReached;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        Traced.Handle(this, message, traced => base.AroundReceive(receive, traced));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        Self.Tell(new RunFinished(Broken(cause)));
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void PreStart()
    {
        SimulatedBoard built;
        try
        {
            built = SimulatedBoard.Build(begin.Scenario, begin.Stored);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Self.Tell(new RunFinished(Broken(e)));
            return;
        }

        Props journal = begin.Stored is { } earlier ? RunJournalActor.Props(earlier) : RunJournalActor.Props(run.Id);
        Props gateway = Props.Create(() => new RunJournalGateway(journal));
        board = Context.ActorOf(Props.Create(() => new SimulationActor(built, gateway, null)), "board");
        board.Tell(new StartRun { Observer = Self, Paused = begin.Paused });
        Go();
    }

    private static RunOutcome Broken(Exception cause) =>
        new(VirtualInstant.Zero, $"failed: {cause.GetBaseException().Message}", string.Empty, [], cause);

    private void Observe()
    {
        Receive<InputsStored>(_ =>
        {
            stored = true;
            TellBegun();
        });
        Receive<TimeAdvanced>(advanced => run.Advance(advanced.At));
        Receive<RecordsStored>(stored => run.Stored.Advance(stored.Before));
        Receive<JournalRepeated>(_ =>
        {
            repeating = false;
            if (phase == LivePhase.Repeating)
            {
                Enter(LivePhase.Running);
            }
        });
        Receive<ClockPaused>(paused =>
        {
            run.Advance(paused.At);
            if (paused.Order < orders)
            {
                // It was told to go on meanwhile.
                return;
            }

            Halt();
            TellBegun();
            Answer(awaitingRest, new RunRests(paused.At));
        });
        Receive<RunFinished>(finished => Finish(finished.Outcome));
    }

    private void Obey()
    {
        Receive<HaltRun>(_ =>
        {
            awaitingRest.Add(Sender);
            board.Tell(new PauseRun(++orders));
        });
        Receive<ReleaseRun>(release =>
        {
            if (phase != LivePhase.Paused)
            {
                Sender.Tell(new RunRefused(RunRefusal.WrongPhase, "the run is not paused"));
                return;
            }

            Go();
            board.Tell(new ContinueRun(++orders, release.For));
            if (release.For is null)
            {
                Sender.Tell(new RunGoesOn());
            }
            else
            {
                awaitingRest.Add(Sender);
            }
        });
        Receive<EndRun>(_ =>
        {
            awaitingEnd.Add(Sender);
            board.Tell(Traced.With(new StopRun()));
        });
        Receive<WriteControl>(write => board.Forward(write));
        Receive<LimitReached>(_ =>
        {
            run.EndedBecause = string.Create(CultureInfo.InvariantCulture, $"it was simulated for {patience.TotalSeconds:0.#} s of real time, which is the limit");
            board.Tell(new StopRun());
        });
    }

    private void TellBegun()
    {
        if (stored && (phase == LivePhase.Paused || !begin.Paused))
        {
            requester.Tell(new RunBegun(run));
            requester = ActorRefs.Nobody;
        }
    }

    private void Go()
    {
        Enter(repeating ? LivePhase.Repeating : LivePhase.Running);
        since = Context.System.Scheduler.MonotonicClock;
        TimeSpan left = patience - used;
        Timers.StartSingleTimer(LimitTimer, new LimitReached(), left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private void Halt()
    {
        if (phase != LivePhase.Paused)
        {
            used += Context.System.Scheduler.MonotonicClock - since;
            Timers.Cancel(LimitTimer);
            Enter(LivePhase.Paused);
        }
    }

    private void Enter(LivePhase next)
    {
        phase = next;
        run.Change(next);
    }

    private void Finish(RunOutcome outcome)
    {
        run.Advance(outcome.EndedAt);
        if (outcome.Failure is not null)
        {
            run.EndedBecause = outcome.Reason;
        }

        Enter(LivePhase.Over);
        run.Stored.Close();
        requester.Tell(new RunRefused(RunRefusal.Broken, outcome.Reason));
        Answer(awaitingRest, new RunRests(outcome.EndedAt));
        Answer(awaitingEnd, new RunRests(outcome.EndedAt));
        Context.Stop(Self);
    }

    private static void Answer(List<IActorRef> waiting, object answer)
    {
        waiting.ForEach(actor => actor.Tell(answer));
        waiting.Clear();
    }
}
