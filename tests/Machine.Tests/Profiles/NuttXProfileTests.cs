using ActorTrace.Machine.Profiles;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>The shipped NuttX profile on a program of ours with that kernel's names: one list of ready tasks, the task
/// that runs at its head.</summary>
public sealed class NuttXProfileTests
{
    private const string Source = """
        enum tstate_e { TSTATE_TASK_INVALID, TSTATE_TASK_PENDING, TSTATE_TASK_READYTORUN,
        #ifdef SMP
            TSTATE_TASK_ASSIGNED,
        #endif
            TSTATE_TASK_RUNNING, TSTATE_TASK_INACTIVE, TSTATE_WAIT_SEM };
        struct dq_entry_s { struct dq_entry_s *flink, *blink; };
        typedef struct dq_entry_s dq_entry_t;
        typedef struct dq_queue_s { dq_entry_t *head, *tail; } dq_queue_t;
        struct xcptcontext { void *sigdeliver; unsigned saved;
        #ifdef ARRAY
            unsigned regs[17];
        #else
            unsigned *regs;
        #endif
        };
        struct tcb_s { struct tcb_s *flink, *blink; void *group; int pid; unsigned char sched_priority, task_state; short lock;
            struct xcptcontext xcp; char name[32]; };
        #ifdef ARRAY
        #define REGS(n) { n }
        #else
        #define REGS(n) (unsigned *)n
        #endif
        extern struct tcb_s idle, low;
        struct tcb_s high = { &low, 0, 0, 7, 200, TSTATE_TASK_RUNNING, 0, { .regs = REGS(0x1000) }, "init" };
        struct tcb_s low = { &idle, &high, 0, 6000, 100, TSTATE_TASK_READYTORUN, 0, { .regs = REGS(0x2000) }, "worker" };
        struct tcb_s idle = { 0, &low, 0, 0, 0, TSTATE_TASK_READYTORUN, 0, { .regs = REGS(0x3000) }, "Idle Task" };
        struct tcb_s blocked = { 0, 0, 0, 9, 255, TSTATE_WAIT_SEM, 0, { .regs = REGS(0x4000) }, "blocked" };
        struct tcb_s leaving = { 0, 0, 0, 10, 1, TSTATE_TASK_INVALID, 0, { .regs = REGS(0x5000) }, "leaving" };
        dq_queue_t g_readytorun = { (dq_entry_t *)&high, (dq_entry_t *)&idle };
        enum tstate_e last_state;
        void *arm_doirq(int irq, void *regs) { return irq ? regs : 0; }
        void arm_switchcontext(unsigned **save, unsigned *restore) { *save = restore; }
        int nxsched_add_readytorun(struct tcb_s *tcb) { return tcb->task_state; }
        void _start(void) { unsigned *save; arm_doirq(1, 0); arm_switchcontext(&save, 0); nxsched_add_readytorun(&low); }
        """;

    private static readonly KernelProgram Program = new(Source, "nuttx");

    public static TheoryData<string> Builds
    {
        get
        {
            var builds = KernelProgram.Builds;
            builds.Add("-g -DSMP");
            builds.Add("-g -DARRAY -fshort-enums");
            return builds;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Tasks_are_read_from_every_build(string flags)
    {
        var (guest, profile, _) = Program.Open(flags);
        Assert.Equal(("init", 7u, 21, 0u, false), Read(guest, profile, "high"));
        Assert.Equal(("worker", 6000u, 60, 0u, false), Read(guest, profile, "low"));
        Assert.Equal(("Idle Task", 0u, 99, 0u, true), Read(guest, profile, "idle"));
        Assert.Equal(("blocked", 9u, 0, 1u, false), Read(guest, profile, "blocked"));
        Assert.Equal(("leaving", 10u, 99, 1u, false), Read(guest, profile, "leaving"));
        Assert.True(profile.TryReadCurrent(guest, out var running));
        Assert.Equal(guest.AddressOf("high"), running.Tcb);
        Assert.Equal(["Idle Task", "init", "worker"], KernelProgram.Ready(profile, guest));
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Offsets_are_those_that_the_compiler_computes(string flags) => Program.RequireLayout(flags);

    [SkippableFact]
    public void The_saved_registers_are_the_stack_pointer()
    {
        var (guest, profile, _) = Program.Open("-g");
        Assert.True(profile.TryReadCurrent(guest, out var running));
        Assert.Equal(0x1000u, running.StackPointer);
    }

    [SkippableFact]
    public void The_first_place_that_the_kernel_has_is_probed()
    {
        var (_, profile, image) = Program.Open("-g");
        Assert.True(profile.TryFindProbeSet("switch+wakeup", out var set));
        Assert.Equal(
            [("arm_doirq", ProbeMoment.Return), ("arm_switchcontext", ProbeMoment.Entry), ("nxsched_add_readytorun", ProbeMoment.Return)],
            set.Probes.Select(p => (image.Symbols.Describe(p.Address), p.Moment)));
    }

    private static (string Name, uint Id, int Priority, uint State, bool Idle) Read(
        StillGuest guest, CompiledProfile profile, string variable)
    {
        Assert.True(profile.TryReadTask(guest, guest.AddressOf(variable), out var task));
        return (task.Name, task.Id, task.Priority, task.State, task.Idle);
    }
}
