using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>A task of the modelled scheduler.</summary>
internal sealed class ModelledTask
{
    private readonly TaskSpec? specification;

    /// <summary>A task as the scenario describes it.</summary>
    public ModelledTask(TaskSpec specification)
    {
        if (specification.Behaviour == TaskBehaviour.Periodic && specification.PeriodCycles == 0)
        {
            throw new ArgumentException($"The period of {specification.Name} is 0.", nameof(specification));
        }

        this.specification = specification;
        Reference = new TaskReference(specification.Pid, specification.Name, specification.Priority);
        NextRelease = new VirtualInstant(specification.OffsetCycles);
    }

    /// <summary>A task that the kernel itself wakes (idle, the controller).</summary>
    public ModelledTask(TaskReference reference) => Reference = reference;

    /// <summary>Who it is.</summary>
    public TaskReference Reference { get; }

    /// <summary>When it next gets work; Never where that does not come from the clock.</summary>
    public VirtualInstant NextRelease { get; private set; } = VirtualInstant.Never;

    /// <summary>It runs or waits to run.</summary>
    public bool Runnable { get; set; }

    /// <summary>Place among the runnable tasks of one priority: the smallest runs first.</summary>
    public ulong Order { get; set; }

    /// <summary>Cycles that its work still takes; the largest number for a task that never ends by itself.</summary>
    public ulong Remaining { get; set; }

    /// <summary>Cycles that it may still run while others of its priority wait.</summary>
    public ulong SliceLeft { get; set; }

    /// <summary>Gives it the work of its next release. Work that comes before the last is done is added to it.</summary>
    public void Release()
    {
        TaskSpec spec = specification ?? throw new InvalidOperationException($"{Reference.Comm} has no releases.");
        (ulong work, NextRelease) = spec.Behaviour switch
        {
            TaskBehaviour.CpuBound => (ulong.MaxValue, VirtualInstant.Never),
            TaskBehaviour.Once => (spec.WorkCycles, VirtualInstant.Never),
            _ => (spec.WorkCycles, NextRelease + spec.PeriodCycles),
        };
        Remaining = Remaining > ulong.MaxValue - work ? ulong.MaxValue : Remaining + work;
    }

    /// <summary>Takes executed cycles off its work and its slice; a task without an end keeps having one.</summary>
    public void Execute(ulong cycles)
    {
        SliceLeft -= Math.Min(SliceLeft, cycles);
        if (Remaining != ulong.MaxValue)
        {
            Remaining -= Math.Min(Remaining, cycles);
        }
    }
}
