using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Tests.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>The shipped uC/OS-II profile on tasks that the source of a small program sets out, with the firmware's own
/// header.</summary>
public sealed class UcosProfileTests
{
    private const string Program = """
        #include "os.h"
        OS_TCB busy = { .OSTCBStkPtr = (OS_STK *)0x1000, .OSTCBPrio = 11, .OSTCBTaskName = "RTOS-Task2" };
        OS_TCB urgent = { .OSTCBStkPtr = (OS_STK *)0x2000, .OSTCBPrio = 5, .OSTCBTaskName = "RTOS-Task1-long!" };
        OS_TCB asleep = { .OSTCBPrio = 20, .OSTCBDly = 3, .OSTCBTaskName = "delayed" };
        OS_TCB idle = { .OSTCBPrio = OS_TASK_IDLE_PRIO, .OSTCBTaskName = "idle task" };
        OS_TCB *OSTCBCur = &busy, *OSTCBHighRdy = &urgent;
        OS_TCB *OSTCBPrioTbl[OS_LOWEST_PRIO + 1] = { [5] = &urgent, [11] = &busy, [20] = &asleep, [63] = &idle };
        uint8_t OSRdyGrp = 0x83;
        uint8_t OSRdyTbl[OS_RDY_TBL_SIZE] = { 0x20, 0x08, 0, 0, 0, 0, 0, 0x80 };
        void OSCtxSw(void) { }
        void OSIntCtxSw(void) { }
        void OS_Sched(void) { }
        void OSIntExit(void) { }
        void _start(void) { for (;;) { } }
        """;

    private static readonly string KernelFolder =
        Path.GetFullPath(Path.Combine(QemuGuest.Image("x"), "..", "..", "kernel"));

    [Theory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void It_fits_the_committed_firmware_and_finds_its_probe_places(string name)
    {
        var image = ElfImage.Parse(File.ReadAllBytes(QemuGuest.Image(name)), name);
        var profile = CompiledProfile.Bind(ProfileFile.Read("ucos2"), image);
        Assert.True(profile.TryFindProbeSet(null, out var byDefault));
        Assert.Equal(
            [("OSCtxSw", ProbePointKind.Switch), ("OSIntCtxSw", ProbePointKind.Switch)],
            byDefault.Probes.Select(p => (image.Symbols.Describe(p.Address), p.Kind)));
        Assert.True(profile.TryFindProbeSet("switch+wakeup", out var withWakeup));
        Assert.Equal(
            "OSCtxSw OSIntCtxSw OS_Sched OSIntExit",
            string.Join(' ', withWakeup.Probes.Select(p => image.Symbols.Describe(p.Address))));
        Assert.False(profile.TryFindProbeSet("wakeup", out _));
    }

    [SkippableFact]
    public void A_switch_has_both_tasks_with_their_states()
    {
        var (guest, profile) = Open();
        Assert.True(profile.TryReadSwitch(guest, out var prev, out var next));
        Assert.Equal(new TaskSnapshot(guest.AddressOf("busy"), 11, "RTOS-Task2", 11, 0, false, 0x1000), prev);
        Assert.Equal(new TaskSnapshot(guest.AddressOf("urgent"), 5, "RTOS-Task1-long", 5, 0, false, 0x2000), next);
    }

    [SkippableFact]
    public void A_delayed_task_sleeps_though_its_status_says_ready()
    {
        var (guest, profile) = Open();
        guest.WriteWord(guest.AddressOf("OSTCBCur"), guest.AddressOf("asleep"));
        Assert.True(profile.TryReadCurrent(guest, out var task));
        Assert.Equal(("delayed", 1u, false), (task.Name, task.State, task.Idle));
    }

    [SkippableFact]
    public void The_lowest_priority_is_the_idle_task()
    {
        var (guest, profile) = Open();
        Assert.True(profile.TryReadReadyTask(guest, 63, out var task));
        Assert.Equal((guest.AddressOf("idle"), true, 0u), (task.Tcb, task.Idle, task.State));
    }

    [SkippableFact]
    public void The_ready_set_holds_the_priorities_of_the_table()
    {
        var (guest, profile) = Open();
        Assert.True(profile.TryReadReadySet(guest, out var before));
        Assert.Equal([5u, 11u, 63u], before.Members);
        guest.Write(guest.AddressOf("OSRdyTbl") + 2, 0x10);
        Assert.True(profile.TryReadReadySet(guest, out var after));
        Assert.Equal([20u], after.Except(before).Members);
        Assert.NotEqual(before, after);
        Assert.True(profile.TryReadReadyTask(guest, 20, out var woken));
        Assert.Equal(("delayed", 0u), (woken.Name, woken.State));
    }

    [SkippableFact]
    public void A_priority_without_a_task_gives_none()
    {
        var (guest, profile) = Open();
        Assert.False(profile.TryReadReadyTask(guest, 30, out _));
    }

    [SkippableFact]
    public void A_wild_task_pointer_gives_no_task_and_no_exception()
    {
        var (guest, profile) = Open();
        guest.WriteWord(guest.AddressOf("OSTCBHighRdy"), 0xFFFF_FFFF);
        Assert.False(profile.TryReadSwitch(guest, out _, out _));
        Assert.True(profile.TryReadCurrent(guest, out _));
    }

    [Fact]
    public void Whatever_the_guest_holds_gives_a_reading_or_none()
    {
        var image = ElfImage.Parse(File.ReadAllBytes(QemuGuest.Image("rtos.elf")), "rtos.elf");
        var profile = CompiledProfile.Bind(ProfileFile.Read("ucos2"), image);
        var guest = new NoisyGuest(new Random(3));
        int tasks = 0;
        for (int round = 0; round < 5000; round++)
        {
            if (profile.TryReadSwitch(guest, out var prev, out var next))
            {
                tasks++;
                Assert.InRange(prev.Name.Length, 0, 15);
                Assert.DoesNotContain(next.Name, c => c is < ' ' or > '~');
            }

            _ = profile.TryReadReadySet(guest, out _);
            _ = profile.TryReadReadyTask(guest, (uint)(round - 2500), out _);
        }

        Assert.InRange(tasks, 100, 4900);
    }

    [SkippableFact]
    public void A_name_is_one_string_as_long_as_its_bytes_stay()
    {
        var (guest, profile) = Open();
        Assert.True(profile.TryReadCurrent(guest, out var first));
        Assert.True(profile.TryReadCurrent(guest, out var again));
        Assert.Same(first.Name, again.Name);
        uint name = NameAddress(guest.AddressOf("busy"));
        guest.Write(name, (byte)'Q');
        Assert.True(profile.TryReadCurrent(guest, out var renamed));
        Assert.Equal("QTOS-Task2", renamed.Name);
    }

    [SkippableFact]
    public void Layouts_in_the_profile_stand_in_for_debug_information()
    {
        var (guest, withDebug) = Open();
        var image = ArmCompiler.Image($"-g0 -I{KernelFolder}", Program);
        var stripped = new StillGuest(image);
        var shipped = ProfileFile.Read("ucos2");
        var exception = Assert.Throws<ProfileException>(() => CompiledProfile.Bind(shipped, image));
        Assert.StartsWith("taskType: column 8: unknown type 'struct os_tcb'", exception.Message, StringComparison.Ordinal);

        var explicitly = shipped with
        {
            Structs =
            [
                new StructLayout("os_tcb", 0,
                [
                    new StructMember("OSTCBStkPtr", 0, "u32 *"),
                    new StructMember("OSTCBPrio", Offset("OSTCBPrio"), "u8"),
                    new StructMember("OSTCBTaskName", Offset("OSTCBTaskName"), "char[16]"),
                ]),
            ],
            Variables =
            [
                new VariableDeclaration("OSTCBCur", "struct os_tcb *"),
                new VariableDeclaration("OSTCBHighRdy", "struct os_tcb *"),
                new VariableDeclaration("OSRdyTbl", "u8[8]"),
                new VariableDeclaration("OSTCBPrioTbl", "struct os_tcb *[64]"),
            ],
        };
        Assert.True(CompiledProfile.Bind(explicitly, image).TryReadSwitch(stripped, out var prev, out var next));
        Assert.True(withDebug.TryReadSwitch(guest, out var expectedPrev, out var expectedNext));
        Assert.Equal(expectedPrev with { Tcb = stripped.AddressOf("busy") }, prev);
        Assert.Equal(expectedNext with { Tcb = stripped.AddressOf("urgent") }, next);
    }

    [SkippableFact]
    public void A_mistake_in_a_profile_names_its_key()
    {
        var image = ArmCompiler.Image($"-g -I{KernelFolder}", Program);
        var good = ProfileFile.Read("ucos2");
        (KernelProfile Profile, string Message)[] bad =
        [
            (good with { Current = "OSTCBNow" }, "current: column 1: unknown symbol 'OSTCBNow'"),
            (good with { Task = good.Task with { Name = "task->OSTCBPrio" } }, "task.name: column 1: its type is"),
            (good with { Task = good.Task with { Id = "task->Id" } }, "task.id: column 7: struct os_tcb has no member 'Id'; it has: OSTCBStkPtr,"),
            (good with { LinuxPriority = "task" }, "linuxPriority: column 1: the variable 'task' has no meaning here"),
            (good with { DefaultProbeSet = "all" }, "defaultProbeSet: there is no probe set 'all'; there is: switch, switch+wakeup"),
            (good with { TaskType = "u8" }, "taskType: 'u8' is no struct"),
            (good with { ReadySet = (ReadyBitmap)good.ReadySet! with { Entries = 33 } }, "readySet.entries: 33 entries"),
            (good with { ReadySet = (ReadyBitmap)good.ReadySet! with { BitsPerEntry = 7 } }, "readySet.bitsPerEntry: 7 bits"),
            (good with { ProbeSets = [new ProbeSet("switch", [new ProbePoint("x", "OSGone", ProbePointKind.Switch)])] },
                "probeSets.switch[0]: out.elf has no place 'OSGone'"),
        ];
        foreach (var (profile, message) in bad)
        {
            var exception = Assert.Throws<ProfileException>(() => CompiledProfile.Bind(profile, image));
            Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        }
    }

    private static (StillGuest Guest, CompiledProfile Profile) Open()
    {
        var image = ArmCompiler.Image($"-g -I{KernelFolder}", Program);
        return (new StillGuest(image), CompiledProfile.Bind(ProfileFile.Read("ucos2"), image));
    }

    private static uint NameAddress(uint tcb) => tcb + Offset("OSTCBTaskName");

    /// <summary>An offset as the compiler computes it.</summary>
    private static uint Offset(string member)
    {
        var image = ArmCompiler.Image(
            $"-g0 -I{KernelFolder}",
            $"#include \"os.h\"\nconst uint32_t offset = __builtin_offsetof(OS_TCB, {member});\nvoid _start(void) {{ }}");
        Assert.True(image.Symbols.TryFind("offset", out var symbol));
        var word = new byte[4];
        Assert.True(image.TryRead(new GuestVa(symbol.Address.Value), word));
        return BitConverter.ToUInt32(word);
    }
}
