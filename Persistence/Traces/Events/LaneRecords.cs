using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>A task as Linux tools see it.</summary>
/// <param name="Pid">Linux pid; 0 is idle.</param>
/// <param name="Comm">Name, at most 15 bytes of printable ASCII.</param>
/// <param name="Priority">Kernel scale: 0..99 real time (0 highest), 100..139 normal.</param>
public readonly record struct TaskReference(int Pid, string Comm, int Priority);

/// <summary>An entry of the GPOS's trace buffer.</summary>
/// <param name="Cause">The hit or model event.</param>
/// <param name="At">When it happened (a hit: when the probe instruction was reached).</param>
/// <param name="BufferedAt">When it was stored in the trace buffer.</param>
/// <param name="Vcpu">Whose event it is: the Linux CPU of the gpos view.</param>
/// <param name="Core">The physical core it happened on: the CPU of the board view.</param>
/// <param name="Current">The task that was current.</param>
public abstract record LaneRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current) : TraceRecord(Cause);

/// <summary>sched_switch: Current (prev) leaves, Next comes.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The previous task.</param>
/// <param name="PreviousState">Linux prev_state bits: 0 runnable (preempted), 1 sleeping, 2 uninterruptible ...</param>
/// <param name="Next">The next task.</param>
public sealed record SwitchRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    uint PreviousState, TaskReference Next) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Switch;
}

/// <summary>sched_wakeup: a task became ready.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that was current.</param>
/// <param name="Task">The task that became ready.</param>
/// <param name="Derived">True where it was found by comparing the ready set at successive switch hits.</param>
public sealed record WakeupRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    TaskReference Task, bool Derived) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Wakeup;

    /// <summary>Linux CPU that the task is to run on; null where it is the one of this record.</summary>
    public int? TargetCpu { get; init; }
}

/// <summary>A probe on a function was hit.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The current task.</param>
/// <param name="Symbol">Function and offset as the user named it, e.g. OSTimeDly.</param>
/// <param name="Pc">Address of the probe.</param>
/// <param name="Caller">Link register at the hit.</param>
/// <param name="StackPointer">Stack pointer at the hit.</param>
public sealed record FunctionHitRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    string Symbol, uint Pc, uint Caller, uint StackPointer) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.FunctionHit;

    /// <summary>The four words at the stack pointer; default in journals of before they were kept.</summary>
    public StackTop Stack { get; init; }
}

/// <summary>The words at the top of a stack, the lowest address first.</summary>
/// <param name="Word0">At the stack pointer.</param>
/// <param name="Word1">4 above.</param>
/// <param name="Word2">8 above.</param>
/// <param name="Word3">12 above.</param>
public readonly record struct StackTop(uint Word0, uint Word1, uint Word2, uint Word3);

/// <summary>A function with a return probe came back.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">When the instruction was reached that it came back to.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The task that called it and came back.</param>
/// <param name="Symbol">The function, as the user named it.</param>
/// <param name="Pc">Where it came back to.</param>
/// <param name="Function">The function's address.</param>
/// <param name="StackPointer">Stack pointer after the return.</param>
/// <param name="EnteredAt">When it was called; the call lasted At - EnteredAt.</param>
public sealed record FunctionReturnRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    string Symbol, uint Pc, uint Function, uint StackPointer, VirtualInstant EnteredAt) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.FunctionReturn;
}

/// <summary>irq_handler_entry or irq_handler_exit on the GPOS.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The interrupted task.</param>
/// <param name="Irq">Interrupt number.</param>
/// <param name="Name">Handler's name.</param>
/// <param name="IsEntry">True for entry, false for exit.</param>
public sealed record IrqRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    int Irq, string Name, bool IsEntry) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Irq;
}

/// <summary>A line of text as a task writes it to trace_marker.</summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">See <see cref="LaneRecord"/>.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">The writer.</param>
/// <param name="Text">One line without its line end.</param>
public sealed record MarkerRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    string Text) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Marker;
}

/// <summary>
/// Records are missing at this place of the lane, before the next record: a simulated buffer lost them (Count), or tracing was off
/// in between (Count = 0: how many is not known).
/// </summary>
/// <param name="Cause">See <see cref="LaneRecord"/>.</param>
/// <param name="At">The instant of the next record of the lane, or of the end of the run.</param>
/// <param name="BufferedAt">See <see cref="LaneRecord"/>.</param>
/// <param name="Vcpu">See <see cref="LaneRecord"/>.</param>
/// <param name="Core">See <see cref="LaneRecord"/>.</param>
/// <param name="Current">Unknown across the gap: pid 0 of that CPU by convention.</param>
/// <param name="Count">How many hits; 0 where tracing was off.</param>
public sealed record LostRecordsRecord(
    Stamp Cause, VirtualInstant At, VirtualInstant BufferedAt, VcpuId Vcpu, CoreId Core, TaskReference Current,
    ulong Count) : LaneRecord(Cause, At, BufferedAt, Vcpu, Core, Current)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.LostRecords;
}
