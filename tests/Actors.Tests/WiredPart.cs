using System.Collections.Immutable;
using ActorTrace.Actors.Simulation;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests;

/// <summary>A part's actor between test probes: everybody it may talk to is the same probe, which sees who was meant.</summary>
internal sealed class WiredPart
{
    private readonly TestKit kit;

    public WiredPart(TestKit kit, Func<IActorRef, Props> props, params Address[] neighbours)
    {
        this.kit = kit;
        Registry = kit.CreateTestProbe("registry");
        Parent = kit.CreateTestProbe("parent");
        ImmutableDictionary<Address, IActorRef>.Builder directory = ImmutableDictionary.CreateBuilder<Address, IActorRef>();
        foreach (Address neighbour in neighbours)
        {
            TestProbe probe = kit.CreateTestProbe($"{neighbour.Role}-{neighbour.Index}");
            Neighbours[neighbour] = probe;
            directory[neighbour] = probe.Ref;
        }

        Actor = kit.Sys.ActorOf(Props.Create(() => new Supervisor(props(Registry.Ref), Parent.Ref)));
        Part = Registry.ExpectMsg<PartStarted>();
        Part.Actor.Tell(new Wire(directory.ToImmutable()));
    }

    public TestProbe Registry { get; }

    public TestProbe Parent { get; }

    public Dictionary<Address, TestProbe> Neighbours { get; } = [];

    public PartStarted Part { get; }

    private IActorRef Actor { get; }

    public void Tell(object message) => Part.Actor.Tell(message, kit.TestActor);

    public TestProbe this[Address neighbour] => Neighbours[neighbour];

    /// <summary>The failure that reached the supervisor.</summary>
    public Exception ExpectFailure() => Parent.ExpectMsg<PartFailed>().Cause;

    private sealed class Supervisor : ReceiveActor
    {
        private readonly IActorRef observer;

        public Supervisor(Props child, IActorRef observer)
        {
            this.observer = observer;
            Context.ActorOf(child, "part");
            ReceiveAny(_ => { });
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            observer.Tell(new PartFailed(Context.Sender, cause));
            return Directive.Stop;
        });
    }
}
