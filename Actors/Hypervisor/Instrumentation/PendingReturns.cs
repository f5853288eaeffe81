using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>A call that a return probe has seen and that has not come back.</summary>
/// <param name="Probe">The return probe.</param>
/// <param name="Task">Address of the calling task's control block; null where any task may bring it back: inside the scheduler it changes.</param>
/// <param name="Stack">Which banked stack pointer: 0 in USR and SYS mode, else the mode.</param>
/// <param name="StackPointer">The stack pointer at the call.</param>
/// <param name="Landing">Where it comes back.</param>
/// <param name="Function">Where the probe was hit.</param>
/// <param name="EnteredAt">When.</param>
public sealed record PendingReturn(
    ushort Probe, uint? Task, uint Stack, uint StackPointer, Landing Landing, GuestVa Function, VirtualInstant EnteredAt);

/// <summary>The calls of a guest that return probes wait for, oldest first; as many as there is room for.</summary>
public sealed class PendingReturns
{
    /// <summary>Calls that are awaited at once; the oldest goes when there are more.</summary>
    public const int Capacity = 1024;

    private readonly List<PendingReturn> awaited = [];

    /// <summary>How many are awaited.</summary>
    public int Count => awaited.Count;

    /// <summary>Adds a call.</summary>
    /// <returns>The call that had to go for it, or null.</returns>
    public PendingReturn? Add(PendingReturn call)
    {
        PendingReturn? dropped = awaited.Count == Capacity ? awaited[0] : null;
        if (dropped is not null)
        {
            awaited.RemoveAt(0);
        }

        awaited.Add(call);
        return dropped;
    }

    /// <summary>
    /// Takes the calls that come back when a task reaches a landing: those with the stack pointer as it is now, else those with the
    /// highest below it (a callee may take its arguments off the stack). Those below stay: they may be on another stack of the task.
    /// </summary>
    /// <returns>The youngest first: the callee of a tail call before the function that made it.</returns>
    public IReadOnlyList<PendingReturn> Take(Landing landing, uint? task, uint stack, uint stackPointer)
    {
        List<PendingReturn> candidates = awaited.FindAll(
            c => c.Landing == landing && (c.Task is null || c.Task == task) && c.Stack == stack && c.StackPointer <= stackPointer);
        if (candidates.Count == 0)
        {
            return [];
        }

        uint highest = candidates.Max(c => c.StackPointer);
        PendingReturn[] returning = [.. candidates.Where(c => c.StackPointer == highest).Reverse()];
        awaited.RemoveAll(c => returning.Contains(c, ReferenceEqualityComparer.Instance));
        return returning;
    }

    /// <summary>True where it matters at a landing which task runs.</summary>
    public bool NeedsTask(Landing landing) => awaited.Exists(c => c.Landing == landing && c.Task is not null);

    /// <summary>The probes that wait at a landing, ascending.</summary>
    public IReadOnlyList<ushort> ProbesAt(Landing landing) => [.. awaited.Where(c => c.Landing == landing).Select(c => c.Probe).Distinct().Order()];

    /// <summary>Takes out the calls of a probe.</summary>
    public IReadOnlyList<PendingReturn> TakeOf(ushort probe)
    {
        List<PendingReturn> taken = awaited.FindAll(c => c.Probe == probe);
        awaited.RemoveAll(c => c.Probe == probe);
        return taken;
    }
}
