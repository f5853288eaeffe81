using ActorTrace.Actors.Simulation;

namespace ActorTrace.Actors.Guests;

/// <summary>Command: give the guest to a core.</summary>
/// <param name="ReplyTo">Who takes it.</param>
public sealed record SwitchIn(Address ReplyTo);

/// <summary>Command: take the guest back.</summary>
/// <param name="Guest">The guest.</param>
/// <param name="From">Who had taken it.</param>
public sealed record SwitchOut(GuestLease Guest, Address From);

/// <summary>Event: the guest is handed over.</summary>
/// <param name="Guest">The guest; the receiver alone may touch it now.</param>
public sealed record GuestSwitchedIn(GuestLease Guest);
