using Akka.Actor;

namespace ActorTrace.Journal.Tests.Streams;

/// <summary>Stands for the simulation: creates the journal's actor, passes messages on and reports why it failed.</summary>
public sealed class Supervisor : ReceiveActor
{
    private readonly IActorRef _report;

    public Supervisor(Props child, IActorRef report)
    {
        _report = report;
        IActorRef actor = Context.ActorOf(child, "journal");
        ReceiveAny(message => actor.Forward(message));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        _report.Tell(cause);
        return Directive.Stop;
    });
}
