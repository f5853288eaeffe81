using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>The shipped FreeRTOS profile on a program of ours with that kernel's names: two tasks of one priority, one
/// that waits, the idle task.</summary>
public sealed class FreeRtosProfileTests
{
    private const string Source = """
        typedef unsigned long UBaseType_t;
        typedef unsigned TickType_t, StackType_t;
        struct xLIST;
        typedef struct xLIST_ITEM {
        #ifdef CHECKED
            TickType_t xListItemIntegrityValue1;
        #endif
            TickType_t xItemValue;
            struct xLIST_ITEM *pxNext, *pxPrevious;
            void *pvOwner;
        #ifdef OLD
            void *pvContainer;
        #else
            struct xLIST *pxContainer;
        #endif
        } ListItem_t;
        typedef struct xMINI_LIST_ITEM { TickType_t xItemValue; struct xLIST_ITEM *pxNext, *pxPrevious; } MiniListItem_t;
        typedef struct xLIST { volatile UBaseType_t uxNumberOfItems; ListItem_t *pxIndex; MiniListItem_t xListEnd; } List_t;
        typedef struct tskTaskControlBlock {
            volatile StackType_t *pxTopOfStack;
        #ifdef CHECKED
            char guard[24];
        #endif
            ListItem_t xStateListItem, xEventListItem;
            UBaseType_t uxPriority;
            StackType_t *pxStack;
            char pcTaskName[16];
            UBaseType_t uxBasePriority;
        } TCB_t;
        #define LAST 4
        #define ITEM(task, list, before, after) { .pxPrevious = (ListItem_t *)(before), .pxNext = (ListItem_t *)(after), \
            .pvOwner = &task, CONTAINER = (void *)(list) }
        #ifdef OLD
        #define CONTAINER .pvContainer
        #else
        #define CONTAINER .pxContainer
        #endif
        #define END(list) &(list).xListEnd
        #define EMPTY(list) { 0, (ListItem_t *)END(list), { ~0u, (ListItem_t *)END(list), (ListItem_t *)END(list) } }
        static TCB_t idle, first, second, waiting;
        static List_t pxReadyTasksLists[LAST + 1], xDelayedTaskList1;
        static TCB_t idle = { (void *)0x1000, .uxPriority = 0, .pcTaskName = "IDLE",
            .xStateListItem = ITEM(idle, &pxReadyTasksLists[0], END(pxReadyTasksLists[0]), END(pxReadyTasksLists[0])) };
        static TCB_t first = { (void *)0x2000, .uxPriority = 3, .pcTaskName = "first",
            .xStateListItem = ITEM(first, &pxReadyTasksLists[3], END(pxReadyTasksLists[3]), &second.xStateListItem) };
        static TCB_t second = { (void *)0x3000, .uxPriority = 3, .pcTaskName = "a-name-of-15-ch",
            .xStateListItem = ITEM(second, &pxReadyTasksLists[3], &first.xStateListItem, END(pxReadyTasksLists[3])) };
        static TCB_t waiting = { (void *)0x4000, .uxPriority = LAST, .pcTaskName = "IDLEr",
            .xStateListItem = ITEM(waiting, &xDelayedTaskList1, END(xDelayedTaskList1), END(xDelayedTaskList1)) };
        static List_t pxReadyTasksLists[LAST + 1] = {
            { 1, (ListItem_t *)END(pxReadyTasksLists[0]), { ~0u, &idle.xStateListItem, &idle.xStateListItem } },
            EMPTY(pxReadyTasksLists[1]), EMPTY(pxReadyTasksLists[2]),
            { 2, &first.xStateListItem, { ~0u, &first.xStateListItem, &second.xStateListItem } },
            EMPTY(pxReadyTasksLists[4]) };
        static List_t xDelayedTaskList1 = { 1, 0, { ~0u, &waiting.xStateListItem, &waiting.xStateListItem } };
        TCB_t *volatile pxCurrentTCB = &first;
        TCB_t *const at_idle = &idle, *const at_first = &first, *const at_second = &second, *const at_waiting = &waiting;
        void vTaskSwitchContext(void) { pxCurrentTCB = pxReadyTasksLists[pxReadyTasksLists[3].uxNumberOfItems].pxIndex->pvOwner; }
        long xTaskIncrementTick(void) { return xDelayedTaskList1.uxNumberOfItems++; }
        long xTaskRemoveFromEventList(void *list) { return !list; }
        void _start(void) { vTaskSwitchContext(); xTaskRemoveFromEventList(0); for (;;) { xTaskIncrementTick(); } }
        """;

    private static readonly KernelProgram Program = new(Source, "freertos");

    public static TheoryData<string> Builds
    {
        get
        {
            var builds = KernelProgram.Builds;
            builds.Add("-g -DOLD");
            builds.Add("-g -DCHECKED");
            builds.Add("-g -DOLD -DCHECKED -mthumb");
            return builds;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Tasks_are_read_from_every_build(string flags)
    {
        var (guest, profile, _) = Program.Open(flags);
        Assert.True(profile.TryReadCurrent(guest, out var running));
        Assert.Equal(Task(guest, "at_first", "first", 96, 0, idle: false, 0x2000), running);
        Assert.True(profile.TryReadTask(guest, At(guest, "at_second"), out var second));
        Assert.Equal(Task(guest, "at_second", "a-name-of-15-ch", 96, 0, idle: false, 0x3000), second);
        Assert.True(profile.TryReadTask(guest, At(guest, "at_waiting"), out var waiting));
        Assert.Equal(Task(guest, "at_waiting", "IDLEr", 95, 1, idle: false, 0x4000), waiting);
        Assert.True(profile.TryReadTask(guest, At(guest, "at_idle"), out var idle));
        Assert.Equal(Task(guest, "at_idle", "IDLE", 99, 0, idle: true, 0x1000), idle);
        Assert.Equal(["IDLE", "a-name-of-15-ch", "first"], KernelProgram.Ready(profile, guest));
        Assert.False(profile.HasNext);
    }

    [SkippableTheory]
    [MemberData(nameof(Builds))]
    public void Offsets_are_those_that_the_compiler_computes(string flags) => Program.RequireLayout(flags);

    [SkippableFact]
    public void A_switch_is_read_when_the_scheduler_has_decided()
    {
        var (_, profile, image) = Program.Open("-g -mthumb");
        Assert.True(profile.TryFindProbeSet(null, out var set));
        var probe = Assert.Single(set.Probes);
        Assert.Equal(
            ("vTaskSwitchContext", ProbePointKind.Switch, ProbeMoment.Return, CodeEncoding.T32),
            (image.Symbols.Describe(probe.Address), probe.Kind, probe.Moment, probe.Encoding));
        Assert.True(profile.TryFindProbeSet("switch+wakeup", out var more));
        Assert.All(more.Probes, p => Assert.Equal((0u, ProbeMoment.Return), (p.Address.Value & 1, p.Moment)));
    }

    [SkippableFact]
    public void A_list_that_never_ends_or_leads_nowhere_is_no_ready_set()
    {
        var (guest, profile, image) = Program.Open("-g");
        Assert.True(image.Types.TryFindStruct("tskTaskControlBlock", out var tcb));
        Assert.True(tcb.TryFindMember("xStateListItem", out var item));
        Assert.True(image.Types.TryFindStruct("xLIST_ITEM", out var type) && type.TryFindMember("pxNext", out _));
        Assert.True(type.TryFindMember("pxNext", out var link));
        uint next = At(guest, "at_second") + item.Offset + link.Offset;
        guest.WriteWord(next, next - link.Offset);
        Assert.False(profile.TryReadReadySet(guest, out var none));
        Assert.Empty(none.Members);
        guest.WriteWord(next, 0xFFFF_FFF0);
        Assert.False(profile.TryReadReadySet(guest, out _));
    }

    [SkippableFact]
    public void Whatever_the_guest_holds_gives_a_reading_or_none_after_a_bounded_work()
    {
        var (_, profile, _) = Program.Open("-g");
        var guest = new NoisyGuest(new Random(7));
        for (int round = 0; round < 3000; round++)
        {
            int before = guest.Reads;
            _ = profile.TryReadComing(guest, out _);
            _ = profile.TryReadReadySet(guest, out var set);
            Assert.InRange(set.Members.Count, 0, ReadySet.Capacity);
            Assert.InRange(guest.Reads - before, 1, 4 * ReadySet.Capacity);
        }
    }

    [SkippableFact]
    public void An_object_file_of_the_kernel_can_be_checked_before_it_is_linked()
    {
        var image = ElfImage.ParseLinkedOrNot(ArmCompiler.Object("-gdwarf-5 -mthumb", Source), "tasks.o");
        var check = CompiledProfile.Check(ProfileFile.Read("freertos"), image);
        Assert.Empty(check.Problems);
        var linked = CompiledProfile.Check(ProfileFile.Read("freertos"), ArmCompiler.Image("-g -mthumb", Source));
        Assert.Equal(
            linked.Uses.Where(u => u.Kind == ProfileUseKind.Field), check.Uses.Where(u => u.Kind == ProfileUseKind.Field));
    }

    [SkippableFact]
    public void What_becomes_ready_between_two_readings_is_woken()
    {
        var (guest, profile, image) = Program.Open("-g");
        Assert.True(profile.TryReadReadySet(guest, out var before));
        Assert.True(image.Types.TryFindStruct("tskTaskControlBlock", out var tcb));
        Assert.True(tcb.TryFindMember("xStateListItem", out var item));
        Assert.True(image.Types.TryFindStruct("xLIST", out var list));
        Assert.True(list.TryFindMember("xListEnd", out var end));
        Assert.True(image.Types.TryFindStruct("xLIST_ITEM", out var type) && type.TryFindMember("pxNext", out var _));
        Assert.True(type.TryFindMember("pxNext", out var link));

        // The waiting task moves into the list of its priority.
        uint ready = guest.AddressOf("pxReadyTasksLists") + (4 * list.Size) + end.Offset;
        uint moved = At(guest, "at_waiting") + item.Offset;
        guest.WriteWord(ready + link.Offset, moved);
        guest.WriteWord(moved + link.Offset, ready);
        Assert.True(profile.TryReadReadySet(guest, out var after));
        uint woken = Assert.Single(after.Except(before).Members);
        Assert.True(profile.TryReadReadyTask(guest, woken, out var task));
        Assert.Equal("IDLEr", task.Name);
    }

    private static TaskSnapshot Task(
        StillGuest guest, string pointer, string name, int priority, uint state, bool idle, uint stackPointer)
    {
        uint tcb = At(guest, pointer);
        return new TaskSnapshot(tcb, tcb, name, priority, state, idle, stackPointer);
    }

    private static uint At(StillGuest guest, string pointer)
    {
        var word = new byte[4];
        Assert.True(guest.TryRead(guest.AddressOf(pointer), word));
        return BitConverter.ToUInt32(word);
    }
}
