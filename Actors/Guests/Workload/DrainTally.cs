namespace ActorTrace.Actors.Guests.Workload;

/// <summary>What the GPOS counted of one probe's records: Drained = Converted + Rejected at every instant.</summary>
/// <param name="Drained">Taken out of a ring; the ring's slot is free again.</param>
/// <param name="Converted">Of those, converted into trace records.</param>
/// <param name="Rejected">Of those, refused: the slot was overwritten, or what it says cannot be.</param>
public readonly record struct DrainTally(ulong Drained, ulong Converted, ulong Rejected);
