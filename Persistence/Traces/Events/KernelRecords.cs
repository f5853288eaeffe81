using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>Where in the life of an interrupt a record stands.</summary>
public enum InterruptPhase : byte
{
    /// <summary>It was asked for.</summary>
    Raise = 0,

    /// <summary>Its handler begins.</summary>
    Entry = 1,

    /// <summary>Its handler ends.</summary>
    Exit = 2,
}

/// <summary>softirq_raise, softirq_entry or softirq_exit of a Linux guest.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that was current.</param>
/// <param name="Vector">The kernel's number: 0 HI, 1 TIMER, 2 NET_TX ...</param>
/// <param name="Phase">Which of the three.</param>
public sealed record SoftirqRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    uint Vector, InterruptPhase Phase) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Softirq;
}

/// <summary>ipi_raise, ipi_entry or ipi_exit of a Linux guest.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that was current.</param>
/// <param name="Reason">What it is for, as the kernel says it: "Rescheduling interrupts".</param>
/// <param name="Targets">Raise: the CPUs it goes to, CPU n in bit n; 0 otherwise.</param>
/// <param name="Phase">Which of the three.</param>
public sealed record IpiRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    string Reason, ulong Targets, InterruptPhase Phase) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Ipi;
}

/// <summary>cpu_idle of a Linux guest: its CPU goes to rest or comes back.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that was current.</param>
/// <param name="State">The idle state; <see cref="Exit"/> where the CPU comes back.</param>
public sealed record CpuIdleRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    uint State) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <summary>PWR_EVENT_EXIT of the kernel.</summary>
    public const uint Exit = uint.MaxValue;

    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.CpuIdle;
}

/// <summary>An event of an imported trace that has no record of its own: its name and its fields as text.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that was current.</param>
/// <param name="System">Tracing subsystem; "imported" where the trace does not say.</param>
/// <param name="Name">Event name.</param>
/// <param name="Text">Its fields.</param>
public sealed record ForeignRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    string System, string Name, string Text) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Foreign;
}
