using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>A probe as the user asked for it.</summary>
/// <param name="Number">Unique in the run, counts from 1.</param>
/// <param name="Guest">In which guest.</param>
/// <param name="Address">Guest virtual address: a multiple of 4, in T32 code of 2.</param>
/// <param name="Kind">What to read at a hit.</param>
/// <param name="Start">Armed from this instant on.</param>
/// <param name="End">Removed at this instant; Never if it stays.</param>
public sealed record ProbeDefinition(
    ushort Number, GuestId Guest, GuestVa Address, ProbeKind Kind, VirtualInstant Start, VirtualInstant End)
{
    /// <summary>It is on the scheduler, so that a hit left out leaves a gap in what is known of the tasks.</summary>
    public bool ConcernsScheduler => Kind is ProbeKind.Switch or ProbeKind.ReadySet;

    /// <summary>It is read when the function that begins at the address has returned; else when the address is reached.</summary>
    public bool OnReturn { get; init; }

    /// <summary>T32 instructions are at the address; else A32.</summary>
    public bool Thumb { get; init; }

    /// <summary>Which hits are recorded.</summary>
    public ProbeFilter Filter { get; init; } = ProbeFilter.None;
}

/// <summary>Which hits of a probe are recorded; decided in the hypervisor. The others are counted as filtered.</summary>
/// <param name="TaskId">Only hits of the task with this number, at a switch probe switches from or to it; null for any.</param>
/// <param name="TaskName">Only hits of tasks with this name; null for any.</param>
/// <param name="Every">Of the hits that the task admits every how-manieth: the n-th, the 2n-th and so on; at least 1.</param>
public sealed record ProbeFilter(uint? TaskId, string? TaskName, uint Every)
{
    /// <summary>All hits are recorded.</summary>
    public static readonly ProbeFilter None = new(null, null, 1);

    /// <summary>The hit's task must be read to decide.</summary>
    public bool NamesTask => TaskId is not null || TaskName is not null;

    /// <summary>True where the filter does not name a task, or names this one.</summary>
    public bool AdmitsTask(TaskSnapshot task) =>
        (TaskId is null || TaskId == task.Id) && (TaskName is null || string.Equals(TaskName, task.Name, StringComparison.Ordinal));
}

/// <summary>Why a probe was refused; the values of the control device's PROBE_ERROR register.</summary>
public enum ProbeError : byte
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>Its address lies between an LDREX and its STREX.</summary>
    ExclusiveSequence = 1,

    /// <summary>Its address lies inside an instruction that another probe is on, or a probe of the other instruction set is there.</summary>
    InsideInstruction = 2,

    /// <summary>The image has data there, or instructions of the other set than was named.</summary>
    NoSuchCode = 3,
}

/// <summary>Reasons for people.</summary>
public static class ProbeErrors
{
    /// <summary>One line, without a full stop.</summary>
    public static string Describe(ProbeError error) => error switch
    {
        ProbeError.ExclusiveSequence => "inside an exclusive sequence (LDREX to STREX): the trap would clear the monitor, and the guest would try for ever",
        ProbeError.InsideInstruction => "the address is inside an instruction that another probe is on",
        ProbeError.NoSuchCode => "the guest's image has no instruction of that set at the address",
        _ => "none",
    };
}
