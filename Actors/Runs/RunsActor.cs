using System.Collections.Concurrent;
using System.Globalization;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using Akka.Actor;

namespace ActorTrace.Actors.Runs;

/// <summary>What the runs share.</summary>
/// <param name="Writer">The journal that all are written into.</param>
/// <param name="Live">The runs that have actors, for others to look at.</param>
/// <param name="MaxRuns">How many runs may have actors, at least 1.</param>
/// <param name="Patience">The longest real time that a run is simulated.</param>
public sealed record RunsSetup(JournalWriter Writer, ConcurrentDictionary<RunId, LiveRun> Live, int MaxRuns, TimeSpan Patience);

/// <summary>All runs of the service: each is an actor subtree of its own, which lives and fails by itself.</summary>
public sealed class RunsActor : ReceiveActor
{
    private readonly RunsSetup setup;
    private readonly Dictionary<RunId, IActorRef> runs = [];

    /// <summary>Creates the actor.</summary>
    public RunsActor(RunsSetup setup)
    {
        this.setup = setup;
        Receive<BeginRun>(Begin);
        Receive<CommandRun>(command =>
        {
            if (runs.TryGetValue(command.Run, out IActorRef? run))
            {
                run.Forward(Traced.With(command.Command));
            }
            else
            {
                Sender.Tell(new RunRefused(RunRefusal.NotLive, $"run {command.Run} is not being simulated"));
            }
        });
        Receive<Terminated>(ended => Remove(ended.ActorRef));
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message) =>
        Traced.Handle(this, message, traced => base.AroundReceive(receive, traced));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Begin(BeginRun begin)
    {
        // One that is over makes room when that can be seen, not when the last of its actors is gone.
        int live = setup.Live.Values.Count(run => run.Present.Phase != LivePhase.Over);
        if (live >= setup.MaxRuns)
        {
            Sender.Tell(new RunRefused(RunRefusal.TooMany, string.Create(CultureInfo.InvariantCulture, $"{live} runs are being simulated or paused, no more are allowed")));
            return;
        }

        if (begin.Stored is { } stored && runs.ContainsKey(stored.Run))
        {
            Sender.Tell(new RunRefused(RunRefusal.WrongPhase, $"run {stored.Run} is being simulated"));
            return;
        }

        RunId id = begin.Stored?.Run ?? setup.Writer.AllocateRun(new InputsStream(begin.Scenario, Recording.TraceTopology.Of(begin.Scenario)).Digest);
        var run = new LiveRun(id, begin.Scenario);
        setup.Live[id] = run;
        IActorRef requester = Sender;
        runs[id] = Context.Watch(Context.ActorOf(Props.Create(() => new RunActor(run, begin, setup.Patience, requester)), id.ToString()));
    }

    private void Remove(IActorRef actor)
    {
        RunId id = runs.First(r => r.Value.Equals(actor)).Key;
        _ = runs.Remove(id);
        if (setup.Live.TryRemove(id, out LiveRun? run))
        {
            run.Leave();
        }

        // Guest memory is large, and the runtime does not give it back by itself: it would be cleared for the next run, so that pages count
        // that a guest never touches. Given back, it comes anew from the operating system, zeroed and not there until it is used.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
