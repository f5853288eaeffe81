using ActorTrace.Actors.Cores;

namespace ActorTrace.Actors.Gic;

/// <summary>Command of a core: carry a message to another core.</summary>
/// <param name="Message">What, and when it arrives.</param>
public sealed record SendSgi(CrossCoreMessage Message);

/// <summary>Command of the clock at a window's end: report when as many sends as the cores count have arrived.</summary>
/// <param name="Sends">Sends since the run began, over all cores.</param>
public sealed record CloseWindow(long Sends);

/// <summary>Event: all sends of the window have been delivered.</summary>
/// <param name="Routed">Per core: deliveries since the run began.</param>
/// <param name="Earliest">Per core: the earliest arrival among those delivered in this window; Never if none.</param>
public sealed record WindowRouted(IReadOnlyList<long> Routed, IReadOnlyList<Machine.Values.VirtualInstant> Earliest);
