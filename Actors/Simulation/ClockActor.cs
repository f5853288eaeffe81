using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>Virtual time.</summary>
public sealed class ClockActor(ClockState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<StartClock>();
        Accept<QuantumEnded>();
        Accept<WindowRouted>();
        Accept<BatchesStored>();
        Accept<StopClock>();
        Accept<PauseClock>();
        Accept<ContinueClock>();
        Accept<RecordsFlushed>();
        Accept<StampCommand>();
        Accept<CommandBatchStored>();
        Accept<JournalRepeated>();
    }
}
