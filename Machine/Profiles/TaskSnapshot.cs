using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Profiles;

/// <summary>A task as its control block describes it at one instant.</summary>
/// <param name="Tcb">Address of the control block; 0 for the idle task of a kernel that has none.</param>
/// <param name="Id">The kernel's own number of the task, or the address of its control block where the kernel numbers
/// none; 0 where <paramref name="Tcb"/> is 0.</param>
/// <param name="Name">At most 15 characters of printable ASCII.</param>
/// <param name="Priority">In Linux' scale.</param>
/// <param name="State">Linux' prev_state: 0 = runnable.</param>
/// <param name="Idle">True for the kernel's idle task.</param>
/// <param name="StackPointer">The saved stack pointer; 0 where the profile does not say.</param>
public readonly record struct TaskSnapshot(
    uint Tcb, uint Id, string Name, int Priority, uint State, bool Idle, uint StackPointer);

/// <summary>A probe of a profile, with its address in the image.</summary>
/// <param name="Name">For people and logs.</param>
/// <param name="Address">Guest virtual address, bit 0 clear.</param>
/// <param name="Kind">What to read there.</param>
/// <param name="Moment">When it is hit.</param>
/// <param name="Encoding">Which instructions stand there: A32 or T32; Unknown where the image does not say.</param>
public sealed record BoundProbe(
    string Name, GuestVa Address, ProbePointKind Kind, ProbeMoment Moment, CodeEncoding Encoding);

/// <summary>A probe set of a profile, bound to an image.</summary>
/// <param name="Name">Its name, e.g. switch.</param>
/// <param name="Probes">The probes, in the order of the profile.</param>
public sealed record BoundProbeSet(string Name, IReadOnlyList<BoundProbe> Probes);
