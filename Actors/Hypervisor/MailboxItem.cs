using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>What one core's hypervisor asks of another core's with the mailbox SGI.</summary>
public abstract record MailboxItem;

/// <summary>Install a probe in a guest of the target core.</summary>
/// <param name="Probe">What to install.</param>
public sealed record InstallRequest(ProbeDefinition Probe) : MailboxItem;

/// <summary>Remove a probe and restore the original bytes.</summary>
/// <param name="Probe">Its number.</param>
/// <param name="Guest">The guest it is in.</param>
public sealed record RemoveRequest(ushort Probe, GuestId Guest) : MailboxItem;

/// <summary>The answer to both: the probe's state changed.</summary>
/// <param name="Probe">Its number.</param>
/// <param name="State">The state now.</param>
/// <param name="Error">Why, where the state is <see cref="ProbeState.Error"/>.</param>
public sealed record ProbeStateReport(ushort Probe, ProbeState State, ProbeError Error) : MailboxItem;

/// <summary>A ring of the GPOS on the target core has a new record: inject the trace interrupt.</summary>
/// <param name="Ring">Which ring.</param>
public sealed record AnnounceRequest(int Ring) : MailboxItem;

/// <summary>A virtual interrupt for a vCPU that is pinned to the target core, from another vCPU of its guest.</summary>
/// <param name="Vcpu">Whose.</param>
/// <param name="Interrupt">Virtual interrupt number.</param>
/// <param name="Source">Of an SGI: the vCPU that sent it.</param>
public sealed record InterruptRequest(VcpuId Vcpu, int Interrupt, int Source) : MailboxItem;

/// <summary>The distributor of a guest has something for a vCPU that is pinned to the target core.</summary>
/// <param name="Vcpu">Whose.</param>
public sealed record PendingRequest(VcpuId Vcpu) : MailboxItem;

/// <summary>Start a vCPU that is pinned to the target core (PSCI CPU_ON).</summary>
/// <param name="Vcpu">Which.</param>
/// <param name="Entry">Its first instruction, bit 0 set for T32.</param>
/// <param name="Context">What its r0 is then.</param>
public sealed record StartVcpuRequest(VcpuId Vcpu, uint Entry, uint Context) : MailboxItem;

/// <summary>The guest is over (PSCI SYSTEM_OFF): its vCPUs on the target core get no turn any more.</summary>
/// <param name="Guest">Which.</param>
public sealed record StopGuestRequest(GuestId Guest) : MailboxItem;

/// <summary>What a probe is for; the values of the control device's KIND register.</summary>
public enum ProbeKind : byte
{
    /// <summary>A context switch: previous and next task are read.</summary>
    Switch = 1,

    /// <summary>The ready set may have changed: it is read and compared.</summary>
    ReadySet = 2,

    /// <summary>A function the user names: the current task is read.</summary>
    Function = 3,
}

/// <summary>The life of a probe; the values of the control device's PROBE_STATE register.</summary>
public enum ProbeState : byte
{
    /// <summary>No such probe.</summary>
    None = 0,

    /// <summary>On the way to the guest's core, or waiting for its start time.</summary>
    Installing = 1,

    /// <summary>The probe instruction is in place.</summary>
    Armed = 2,

    /// <summary>The address does not translate at present.</summary>
    Pending = 3,

    /// <summary>Removed, original bytes restored.</summary>
    Removed = 4,

    /// <summary>Refused.</summary>
    Error = 5,
}
