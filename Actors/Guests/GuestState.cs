using ActorTrace.Actors.Simulation;

namespace ActorTrace.Actors.Guests;

/// <summary>A guest VM: owns memory, registers and virtual devices while no core has them.</summary>
/// <remarks>Each core of an SMP guest may have it; the clock sees to it that they touch it in turn (<see cref="MemoryTurns"/>).</remarks>
/// <param name="lease">The guest.</param>
public sealed class GuestState(GuestLease lease) : IPart
{
    private readonly HashSet<Address> holders = [];

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(lease.Id);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case SwitchIn command when MayHold(command.ReplyTo) && holders.Add(command.ReplyTo):
                outbox.Send(command.ReplyTo, new GuestSwitchedIn(lease));
                break;
            case SwitchOut command when holders.Remove(command.From):
                break;
            default:
                throw new ProtocolViolationException(Address, holders.Count > 0 ? "on a core" : "off the cores", message);
        }
    }

    private bool MayHold(Address core) => lease.Vcpus.Any(v => v.Core.Index == core.Index);
}
