using ActorTrace.Machine.Profiles;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>The shipped uC/OS-II profile on a program of ours in the shape of both generations: names as arrays or as
/// pointers, ready tables of 8 or 16 bits an entry, any number of priorities.</summary>
public sealed class UcosVersionsTests
{
    private const string Source = """
        typedef unsigned char INT8U;
        typedef unsigned short INT16U;
        typedef unsigned OS_STK;
        #ifndef LOWEST
        #define LOWEST 63
        #endif
        #if LOWEST > 63
        typedef INT16U OS_PRIO;
        #define BITS 16
        #else
        typedef INT8U OS_PRIO;
        #define BITS 8
        #endif
        #define BIT(prio) [(prio) / BITS] = 1 << (prio) % BITS
        typedef struct os_tcb {
            OS_STK *OSTCBStkPtr;
        #if VERSION >= 290
            void *OSTCBExtPtr;
        #endif
            struct os_tcb *OSTCBNext, *OSTCBPrev;
            INT16U OSTCBDly;
            INT8U OSTCBStat, OSTCBStatPend, OSTCBPrio;
        #if VERSION >= 290
            INT8U *OSTCBTaskName;
        #else
            INT8U OSTCBTaskName[32];
        #endif
        } OS_TCB;
        OS_TCB running = { (OS_STK *)0x1000, .OSTCBPrio = 4, .OSTCBTaskName = (INT8U NAME)"RTOS-Task1" };
        OS_TCB coming = { (OS_STK *)0x2000, .OSTCBPrio = LOWEST - 20, .OSTCBTaskName = (INT8U NAME)"a long name of a task" };
        OS_TCB idle = { (OS_STK *)0x3000, .OSTCBPrio = LOWEST, .OSTCBTaskName = (INT8U NAME)"uC/OS-II Idle" };
        OS_TCB *OSTCBCur = &running, *OSTCBHighRdy = &coming;
        OS_TCB *OSTCBPrioTbl[LOWEST + 1] = { [4] = &running, [LOWEST - 20] = &coming, [LOWEST] = &idle };
        OS_PRIO OSRdyTbl[LOWEST / BITS + 1] = { BIT(LOWEST - 20), BIT(LOWEST) };
        void OSCtxSw(void) { }
        void OSIntCtxSw(void) { }
        void OS_Sched(void) { }
        void OSIntExit(void) { }
        void _start(void) { OSCtxSw(); OSIntCtxSw(); OS_Sched(); OSIntExit(); }
        """;

    private static readonly KernelProgram Old = new(
        "#define VERSION 286\n" + Source.Replace("(INT8U NAME)", "", StringComparison.Ordinal), "ucos2");

    private static readonly KernelProgram New = new(
        "#define VERSION 292\n" + Source.Replace("(INT8U NAME)", "(INT8U *)", StringComparison.Ordinal), "ucos2");

    public static TheoryData<string, bool> Builds
    {
        get
        {
            var builds = new TheoryData<string, bool>();
            foreach (string flags in KernelProgram.Builds)
            {
                builds.Add(flags, false);
                builds.Add(flags, true);
            }

            foreach (int lowest in new[] { 31, 100, 254 })
            {
                builds.Add($"-g -DLOWEST={lowest}", false);
                builds.Add($"-g -DLOWEST={lowest}", true);
            }

            return builds;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Tasks_are_read_from_every_build(string flags, bool isNew)
    {
        var (guest, profile, _) = (isNew ? New : Old).Open(flags);
        int at = flags.IndexOf("LOWEST=", StringComparison.Ordinal);
        uint lowest = at < 0 ? 63 : uint.Parse(flags[(at + 7)..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(profile.TryReadSwitch(guest, out var prev, out var next));
        Assert.Equal(new TaskSnapshot(guest.AddressOf("running"), 4, "RTOS-Task1", 4, 1, false, 0x1000), prev);
        Assert.Equal(
            new TaskSnapshot(
                guest.AddressOf("coming"), lowest - 20, "a long name of ", (int)Math.Min(99, lowest - 20), 0, false, 0x2000),
            next);
        Assert.True(profile.TryReadTask(guest, guest.AddressOf("idle"), out var idle));
        Assert.Equal((true, 0u, "uC/OS-II Idle"), (idle.Idle, idle.State, idle.Name));
        Assert.True(profile.TryReadReadySet(guest, out var ready));
        Assert.Equal([lowest - 20, lowest], ready.Members);
        Assert.Equal(["a long name of ", "uC/OS-II Idle"], KernelProgram.Ready(profile, guest));
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Offsets_are_those_that_the_compiler_computes(string flags, bool isNew) =>
        (isNew ? New : Old).RequireLayout(flags);
}
