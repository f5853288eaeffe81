using ActorTrace.Actors.Simulation;

namespace ActorTrace.Actors.Guests;

/// <summary>A guest VM: owns memory, registers and virtual devices while no core has them.</summary>
/// <param name="lease">The guest.</param>
public sealed class GuestState(GuestLease lease) : IPart
{
    private GuestLease? held = lease;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(lease.Id);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case SwitchIn command when held is { } given:
                held = null;
                outbox.Send(command.ReplyTo, new GuestSwitchedIn(given));
                break;
            case SwitchOut command when held is null:
                held = command.Guest;
                break;
            default:
                throw new ProtocolViolationException(Address, held is null ? "on a core" : "off the cores", message);
        }
    }
}
