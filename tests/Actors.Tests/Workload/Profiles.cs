using ActorTrace.Machine.Profiles;

namespace ActorTrace.Actors.Tests.Workload;

/// <summary>Kernel profiles for tests.</summary>
internal static class Profiles
{
    /// <summary>As much of uC/OS-II's profile as the trace controller needs: two probe sets.</summary>
    public static KernelProfile Ucos2 { get; } = new()
    {
        Name = "ucos2",
        TaskType = "struct os_tcb",
        Current = "OSTCBCur",
        Next = "OSTCBHighRdy",
        Task = new TaskFields
        {
            Id = "task->OSTCBPrio",
            Name = "task->OSTCBTaskName",
            Priority = "task->OSTCBPrio",
            State = "0",
            Idle = "task->OSTCBPrio == 63",
        },
        ProbeSets =
        [
            new ProbeSet("switch", [new ProbePoint("OSCtxSw", "OSCtxSw", ProbePointKind.Switch), new ProbePoint("OSIntCtxSw", "OSIntCtxSw", ProbePointKind.Switch)]),
            new ProbeSet("wake", [new ProbePoint("OS_Sched", "OS_Sched", ProbePointKind.ReadySet)]),
        ],
    };
}
