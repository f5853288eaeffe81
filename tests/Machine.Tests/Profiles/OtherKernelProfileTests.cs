using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>Kernels of another shape: tasks in registers, no idle task, other bitmaps.</summary>
public sealed class OtherKernelProfileTests
{
    private const string Linux = """
        struct task_struct { unsigned cpu_context[10]; char comm[16]; int prio; int pid; unsigned int __state; };
        struct task_struct server = { { 0 }, "system_server", 118, 400, 1 };
        struct task_struct swapper = { { 0 }, "swapper/0", 120, 0, 0 };
        void __switch_to(struct task_struct *prev, struct task_struct *next) { }
        void _start(void) { __switch_to(&server, &swapper); for (;;) { } }
        """;

    private const string WithoutIdle = """
        struct thread { char *name; unsigned char priority; unsigned state; };
        struct thread worker = { "worker", 3, 1 };
        struct thread *current, *execute = &worker;
        unsigned short ready[2] = { 0x8001, 0x4000 };
        void schedule(void) { }
        void _start(void) { schedule(); for (;;) { } }
        """;

    private static readonly KernelProfile ThreadProfile = new()
    {
        Name = "threads",
        TaskType = "struct thread",
        Current = "current",
        Next = "execute",
        LinuxPriority = "99 - priority",
        Task = new TaskFields
        {
            Id = "task->priority",
            Name = "task->name",
            Priority = "task->priority",
            State = "task->state == 0 ? 0 : 2",
            Idle = "task == 0",
        },
        ReadySet = new ReadyBitmap
        {
            Table = "ready",
            Entries = 2,
            BitsPerEntry = 16,
            MostSignificantFirst = true,
            TaskOf = "&worker",
        },
        ProbeSets = [new ProbeSet("switch", [new ProbePoint("switch", "schedule+0x0", ProbePointKind.Switch)])],
    };

    [SkippableFact]
    public void The_tasks_of_a_gpos_switch_are_its_arguments()
    {
        var image = ArmCompiler.Image("-g", Linux);
        var guest = new StillGuest(image);
        var profile = CompiledProfile.Bind(ProfileFile.Read("actortrace-gpos"), image);
        guest.Set(ProfileRegister.R0, guest.AddressOf("server"));
        guest.Set(ProfileRegister.R1, guest.AddressOf("swapper"));
        guest.Set(ProfileRegister.Tpidruro, guest.AddressOf("server"));
        Assert.True(profile.TryReadSwitch(guest, out var prev, out var next));
        Assert.Equal(new TaskSnapshot(guest.AddressOf("server"), 400, "system_server", 118, 1, false, 0), prev);
        Assert.Equal(new TaskSnapshot(guest.AddressOf("swapper"), 0, "swapper/0", 120, 0, true, 0), next);
        guest.Set(ProfileRegister.R0, 0);
        Assert.True(profile.TryReadCurrent(guest, out var running));
        Assert.Equal(prev, running);
        Assert.False(profile.HasReadySet);
        Assert.False(profile.TryReadReadySet(guest, out var none));
        Assert.Empty(none.Members);
    }

    [SkippableFact]
    public void A_null_task_is_the_idle_task_where_the_profile_says_so()
    {
        var image = ArmCompiler.Image("-g", WithoutIdle);
        var guest = new StillGuest(image);
        var profile = CompiledProfile.Bind(ThreadProfile, image);
        Assert.True(profile.TryReadSwitch(guest, out var prev, out var next));
        Assert.Equal(new TaskSnapshot(0, 0, "idle", 0, 0, true, 0), prev);
        Assert.Equal(new TaskSnapshot(guest.AddressOf("worker"), 3, "worker", 96, 2, false, 0), next);
    }

    [SkippableFact]
    public void A_bitmap_may_begin_with_the_most_significant_bit()
    {
        var image = ArmCompiler.Image("-g", WithoutIdle);
        var profile = CompiledProfile.Bind(ThreadProfile, image);
        Assert.True(profile.TryReadReadySet(new StillGuest(image), out var set));
        Assert.Equal([0u, 15u, 17u], set.Members);
        Assert.True(set.Contains(17) && !set.Contains(16) && !set.Contains(256));
    }
}
