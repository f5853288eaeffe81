using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>The shipped ThreadX profile on a program of ours with that kernel's names: no idle thread, rings of ready
/// threads, a scheduler's loop in assembly.</summary>
public sealed class ThreadXProfileTests
{
    private const string Source = """
        typedef unsigned long ULONG;
        typedef unsigned UINT;
        typedef struct TX_THREAD_STRUCT {
            ULONG tx_thread_id, tx_thread_run_count;
            void *tx_thread_stack_ptr, *tx_thread_stack_start;
            char *tx_thread_name;
            UINT tx_thread_priority, tx_thread_state;
            struct TX_THREAD_STRUCT *tx_thread_ready_next, *tx_thread_ready_previous;
        } TX_THREAD;
        TX_THREAD one, two, three, asleep;
        TX_THREAD one = { 1, 0, (void *)0x1000, 0, "thread one", 5, 0, &three, &two };
        TX_THREAD two = { 1, 0, (void *)0x2000, 0, "thread two with a long name", 5, 0, &one, &three };
        TX_THREAD three = { 1, 0, (void *)0x3000, 0, "thread three", 5, 0, &two, &one };
        TX_THREAD alone = { 1, 0, (void *)0x5000, 0, "alone", 31, 0, &alone, &alone };
        TX_THREAD asleep = { 1, 0, (void *)0x4000, 0, 0, 200, 4, &asleep, &asleep };
        TX_THREAD *_tx_thread_current_ptr, *_tx_thread_execute_ptr = &two;
        TX_THREAD *_tx_thread_priority_list[32] = { [5] = &one, [31] = &alone };
        void _tx_thread_system_return(void) { _tx_thread_current_ptr = 0; }
        void _tx_thread_system_resume(TX_THREAD *thread) { _tx_thread_execute_ptr = thread; }
        void _tx_thread_context_restore(void) { }
        asm(".text\n .arm\n .balign 4\n .global _tx_thread_schedule\n .type _tx_thread_schedule, %function\n"
            "_tx_thread_schedule: ldr r1, =_tx_thread_execute_ptr\n"
            "__tx_thread_schedule_loop: ldr r0, [r1]\n cmp r0, #0\n beq __tx_thread_schedule_loop\n"
            "chosen: cpsid i\n bx lr\n .ltorg\n"
        #ifdef __thumb__
            ".thumb\n"
        #endif
            );
        void _tx_thread_schedule(void);
        void _start(void) {
            _tx_thread_system_resume(&two); _tx_thread_system_return(); _tx_thread_context_restore(); _tx_thread_schedule();
        }
        """;

    private static readonly KernelProgram Program = new(Source, "threadx");

    public static TheoryData<string> Builds => KernelProgram.Builds;

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Threads_are_read_from_every_build(string flags)
    {
        var (guest, profile, _) = Program.Open(flags);
        Assert.True(profile.TryReadComing(guest, out var coming));
        Assert.Equal(Thread(guest, "two", "thread two with", 5, 0, 0x2000), coming);
        Assert.True(profile.TryReadTask(guest, guest.AddressOf("asleep"), out var asleep));
        Assert.Equal(Thread(guest, "asleep", "", 99, 1, 0x4000), asleep);
        Assert.Equal(["alone", "thread one", "thread three", "thread two with"], KernelProgram.Ready(profile, guest));
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Offsets_are_those_that_the_compiler_computes(string flags) => Program.RequireLayout(flags);

    [SkippableFact]
    public void No_thread_is_the_idle_task()
    {
        var (guest, profile, _) = Program.Open("-g");
        Assert.True(profile.TryReadCurrent(guest, out var idle));
        Assert.Equal(new TaskSnapshot(0, 0, "idle", 0, 0, Idle: true, 0), idle);
        guest.WriteWord(guest.AddressOf("_tx_thread_execute_ptr"), 0);
        Assert.True(profile.TryReadComing(guest, out var coming));
        Assert.True(coming.Idle);
    }

    [SkippableTheory]
    [InlineData("-g -marm", CodeEncoding.A32)]
    [InlineData("-g -mthumb", CodeEncoding.T32)]
    public void A_probe_inside_the_loop_is_no_place_that_spins(string flags, CodeEncoding compiled)
    {
        var (guest, profile, _) = Program.Open(flags);
        Assert.True(profile.TryFindProbeSet(null, out var set));
        Assert.Equal(
            [("system_return", compiled), ("preempt", compiled), ("schedule", CodeEncoding.A32)],
            set.Probes.Select(p => (p.Name, p.Encoding)));
        Assert.Equal(guest.AddressOf("chosen"), set.Probes[2].Address.Value);
    }

    private static TaskSnapshot Thread(
        StillGuest guest, string variable, string name, int priority, uint state, uint stackPointer) =>
        new(guest.AddressOf(variable), guest.AddressOf(variable), name, priority, state, Idle: false, stackPointer);
}
