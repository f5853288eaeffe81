namespace ActorTrace.Machine.Profiles;

/// <summary>What a kernel profile reads of one task at one instant.</summary>
/// <param name="Tcb">Guest virtual address of its task control block.</param>
/// <param name="Id">The kernel's number of the task.</param>
/// <param name="Name">Its name, at most 15 characters of printable ASCII.</param>
/// <param name="Priority">Priority on the Linux scale: lower is more urgent.</param>
/// <param name="State">Linux prev_state: 0 = runnable.</param>
/// <param name="Idle">It is the kernel's idle task.</param>
/// <param name="StackPointer">Its saved stack pointer.</param>
public readonly record struct TaskSnapshot(uint Tcb, uint Id, string Name, int Priority, uint State, bool Idle, uint StackPointer);
