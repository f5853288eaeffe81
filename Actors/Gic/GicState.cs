using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Gic;

/// <summary>
/// The distributor's part between cores: takes SGIs (and the memory writes announced by them) from the sending core and hands
/// them to the target core's interface. The banked registers of SGIs and PPIs are each core's own (see Machine/Gic).
/// </summary>
/// <param name="cores">Number of cores.</param>
public sealed class GicState(int cores) : IPart
{
    private readonly long[] routed = new long[cores];
    private readonly VirtualInstant[] earliest = [.. Enumerable.Repeat(VirtualInstant.Never, cores)];
    private long taken;
    private long? awaited;

    /// <inheritdoc/>
    public Address Address => Address.Gic;

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case SendSgi send:
                Route(send.Message, outbox);
                break;
            case CloseWindow close when awaited is null:
                awaited = close.Sends;
                break;
            default:
                throw new ProtocolViolationException(Address, awaited is null ? "open" : "closing", message);
        }

        if (awaited == taken)
        {
            awaited = null;
            outbox.Send(Address.Clock, new WindowRouted([.. routed], [.. earliest]));
            Array.Fill(earliest, VirtualInstant.Never);
        }
    }

    private void Route(CrossCoreMessage message, IOutbox outbox)
    {
        int target = message.Target.Index;
        if (target >= routed.Length)
        {
            throw new InvalidOperationException($"{message.Stamp} goes to {message.Target}; the board has {routed.Length} cores.");
        }

        taken++;
        routed[target]++;
        earliest[target] = VirtualInstant.Min(earliest[target], message.Stamp.At);
        outbox.Send(Address.Of(Role.Core, message.Target), new Deliver(message));
    }
}
