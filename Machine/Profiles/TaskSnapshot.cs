namespace ActorTrace.Machine.Profiles;

/// <summary>A task as its control block describes it at one instant.</summary>
/// <param name="Tcb">Address of the control block; 0 for the idle task of a kernel that has none.</param>
/// <param name="Id">The kernel's own number of the task; 0 where <paramref name="Tcb"/> is 0.</param>
/// <param name="Name">At most 15 characters of printable ASCII.</param>
/// <param name="Priority">In Linux' scale.</param>
/// <param name="State">Linux' prev_state: 0 = runnable.</param>
/// <param name="Idle">True for the kernel's idle task.</param>
/// <param name="StackPointer">The saved stack pointer; 0 where the profile does not say.</param>
public readonly record struct TaskSnapshot(
    uint Tcb, uint Id, string Name, int Priority, uint State, bool Idle, uint StackPointer);

/// <summary>A probe of a profile, with its address in the image.</summary>
/// <param name="Name">For people and logs.</param>
/// <param name="Address">Guest virtual address.</param>
/// <param name="Kind">What to read there.</param>
public sealed record BoundProbe(string Name, Values.GuestVa Address, ProbePointKind Kind);

/// <summary>A probe set of a profile, bound to an image.</summary>
/// <param name="Name">Its name, e.g. switch.</param>
/// <param name="Probes">The probes, in the order of the profile.</param>
public sealed record BoundProbeSet(string Name, IReadOnlyList<BoundProbe> Probes);
