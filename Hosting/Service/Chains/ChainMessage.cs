namespace ActorTrace.Hosting.Service.Chains;

/// <summary>A message of a causal chain.</summary>
/// <param name="From">Who sent it: an actor's path below the run's own actor, or a part of a guest.</param>
/// <param name="To">Who got it.</param>
/// <param name="Message">Its type.</param>
/// <param name="StartNs">Nanoseconds at which the receiver began with it.</param>
/// <param name="EndNs">Nanoseconds at which it had done what the journal says of it.</param>
/// <param name="Core">The core on which that was.</param>
/// <param name="Attributes">What the journal says of it.</param>
internal sealed record ChainMessage(
    string From, string To, string Message, ulong StartNs, ulong EndNs, int Core, IReadOnlyDictionary<string, object> Attributes);

/// <summary>One who sends or gets messages.</summary>
/// <param name="Name">Its name in the messages.</param>
/// <param name="IsActor">True for an actor; false for a part of a guest or of its memory.</param>
internal sealed record ChainParticipant(string Name, bool IsActor);
