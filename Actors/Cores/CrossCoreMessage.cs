using ActorTrace.Actors.Hypervisor;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Cores;

/// <summary>What one core causes at another. It takes effect at the stamp's instant, at least the SGI latency after it was sent.</summary>
/// <param name="Stamp">When it arrives, who sent it; the total order of delivery.</param>
/// <param name="Cause">What began the chain.</param>
/// <param name="Target">Whom it reaches.</param>
/// <param name="Effect">What it does.</param>
public sealed record CrossCoreMessage(Stamp Stamp, Stamp Cause, CoreId Target, CrossCoreEffect Effect);

/// <summary>What a cross-core message does when it arrives.</summary>
public abstract record CrossCoreEffect;

/// <summary>A software generated interrupt becomes pending at the target's CPU interface.</summary>
/// <param name="Sgi">0..15.</param>
/// <param name="Item">What the sending hypervisor put into the target's mailbox with it; null for a guest's own SGI.</param>
public sealed record SgiSignal(byte Sgi, MailboxItem? Item) : CrossCoreEffect;

/// <summary>An event (SEV) of another vCPU of a guest: it ends a WFE of the guest's vCPU that is on the core.</summary>
/// <param name="Guest">The guest.</param>
public sealed record EventSignal(GuestId Guest) : CrossCoreEffect;

/// <summary>A ring record, or a new overrun count, becomes visible in the GPOS's memory.</summary>
/// <param name="Ring">Which ring.</param>
/// <param name="Slot">The record's bytes; empty where only the overrun count changed.</param>
/// <param name="Producer">The producer index after it.</param>
/// <param name="Overrun">The overrun count after it.</param>
public sealed record RingStore(int Ring, ReadOnlyMemory<byte> Slot, uint Producer, uint Overrun) : CrossCoreEffect;

/// <summary>The consumer index of a ring becomes visible to its producer.</summary>
/// <param name="Ring">Which ring.</param>
/// <param name="Consumer">The index as it stands in guest memory: untrusted.</param>
public sealed record ConsumerStore(int Ring, uint Consumer) : CrossCoreEffect;
