using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>A switch that the scheduler has decided.</summary>
/// <param name="Previous">Who leaves.</param>
/// <param name="PreviousState">Linux prev_state bits.</param>
/// <param name="Next">Who comes.</param>
internal readonly record struct TaskSwitch(TaskReference Previous, uint PreviousState, TaskReference Next);

/// <summary>
/// Which task the workload guest's kernel runs when. Pure: it is told how long the current task has executed and what the time
/// is; time that passed otherwise (interrupts, the hypervisor) is not work and so delays what comes after.
/// </summary>
internal interface ISchedule
{
    /// <summary>Who runs; at first who runs at power on.</summary>
    TaskReference Current { get; }

    /// <summary>The controller task (sh) is what runs.</summary>
    bool ControllerRuns { get; }

    /// <summary>The earliest instant at which <see cref="Decide"/> may have something to do, if from now on nothing delays the current task.</summary>
    VirtualInstant NextDecision(VirtualInstant now);

    /// <summary>The current task has executed for some cycles, code of the switch to it included.</summary>
    void Worked(ulong cycles);

    /// <summary>The controller task has something to do.</summary>
    void WakeController();

    /// <summary>The controller task has nothing more to do: it sleeps at the next decision.</summary>
    void SleepController();

    /// <summary>Lets what is due take effect.</summary>
    /// <param name="now">The time; never earlier than at the call before.</param>
    /// <param name="woken">Receives the tasks that became runnable, in order.</param>
    /// <returns>The switch to make now, after which <see cref="Current"/> is the next task; null where the current task goes on.</returns>
    TaskSwitch? Decide(VirtualInstant now, ICollection<TaskReference> woken);
}
