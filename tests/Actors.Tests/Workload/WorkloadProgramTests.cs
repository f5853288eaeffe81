using System.Buffers.Binary;
using System.Text;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Scenarios.Captures;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using Capture = ActorTrace.Actors.Scenarios.Captures.Capture;

namespace ActorTrace.Actors.Tests.Workload;

public sealed class WorkloadProgramTests
{
    private const ulong Millisecond = 1_700_000;
    private const ulong Microsecond = 1_700;

    [Fact]
    public void A_capture_comes_back_switch_for_switch_to_the_microsecond() => Reproduces(Small());

    [SkippableFact]
    public void A_real_Android_capture_comes_back_switch_for_switch_to_the_microsecond()
    {
        string? folder = Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES");
        Skip.If(string.IsNullOrEmpty(folder), "ACTORTRACE_CAPTURES is not set");
        using FileStream file = File.OpenRead(Path.Combine(folder, "android-systrace-2core-arm.txt"));
        Reproduces(CaptureReader.Read(file, 0, RecordedGuest.Clock));
    }

    [Fact]
    public void Cutting_the_run_at_other_limits_changes_nothing()
    {
        CostTable costs = CostTable.Arndale;
        RecordedGuest whole = Busy(costs);
        RecordedGuest cut = Busy(costs);
        whole.RunTo(new VirtualInstant(20 * Millisecond));
        for (ulong at = 0; at <= 20 * Millisecond; at += 977)
        {
            cut.RunTo(new VirtualInstant(at));
        }

        cut.RunTo(new VirtualInstant(20 * Millisecond));
        Assert.NotEmpty(whole.Controls);
        Assert.Equal(whole.Lanes, cut.Lanes);
        Assert.Equal(whole.Steps, cut.Steps);
        Assert.Equal(whole.Controls, cut.Controls);
    }

    [Fact]
    public void The_kernels_memory_names_the_running_task_and_its_state()
    {
        RecordedGuest guest = new(Modelled(new TaskSpec("worker", 77, 110, TaskBehaviour.Periodic, 2 * Millisecond, Millisecond, Millisecond / 2)));
        guest.RunTo(new VirtualInstant(Millisecond + (Millisecond / 4)));
        Assert.Equal((77, 110, "worker", 0u), ReadTask(guest, guest.Vcpu.Cp15.Tpidruro));
        uint worker = guest.Vcpu.Cp15.Tpidruro;
        guest.RunTo(new VirtualInstant(2 * Millisecond));
        Assert.Equal(0, ReadTask(guest, guest.Vcpu.Cp15.Tpidruro).Pid);
        Assert.Equal((77, 110, "worker", 1u), ReadTask(guest, worker));
    }

    [Fact]
    public void More_tasks_than_the_kernel_has_structures_run_all_the_same()
    {
        TaskSpec[] tasks =
        [
            .. Enumerable.Range(1, 600).Select(i => new TaskSpec("t", i, 120, TaskBehaviour.Once, 0, (ulong)i * 10_000, 5_000)),
        ];
        RecordedGuest guest = new(Modelled(tasks));
        guest.RunTo(new VirtualInstant(601 * 10_000));
        Assert.Equal(Enumerable.Range(1, 600), guest.Switches.Where(s => s.Next.Pid != 0).Select(s => s.Next.Pid));
    }

    [Fact]
    public void A_task_executes_its_work_and_no_more_whatever_interrupts_take()
    {
        RecordedGuest guest = Busy(CostTable.Arndale);
        guest.RunTo(new VirtualInstant(20 * Millisecond));
        SwitchRecord comes = guest.Switches.First(s => s.Next.Pid == 50);
        SwitchRecord leaves = guest.Switches.First(s => s.Current.Pid == 50 && s.PreviousState == 1);
        ulong others = (ulong)guest.Steps
            .Where(s => s.Start >= comes.At && s.End <= leaves.At && s.Category != CostCategory.None)
            .Sum(s => (long)(s.End - s.Start));
        Assert.True(others > 0);
        Assert.Equal(10 * Millisecond, leaves.At - comes.At - others);
    }

    [Fact]
    public void An_interrupt_drains_the_ring_into_Linux_records_at_the_time_of_the_hit()
    {
        RecordedGuest guest = new(Modelled(), costs: CostTable.Arndale);
        guest.RunTo(new VirtualInstant(Millisecond));
        VirtualInstant hit = guest.Core.Now;
        Assert.True(guest.Produce(Record(1, hit, Task(5, "RTOS-Task1", 5), Task(6, "RTOS-Task2", 6))));
        guest.Announce();
        guest.RunTo(new VirtualInstant(2 * Millisecond));
        SwitchRecord made = Assert.IsType<SwitchRecord>(Assert.Single(guest.Lanes, l => l.Lane == 1).Record);
        Assert.Equal((2005, "RTOS-Task1", 2006, hit), (made.Current.Pid, made.Current.Comm, made.Next.Pid, made.At));
        CostTable costs = CostTable.Arndale;
        Assert.True(made.BufferedAt >= hit + costs.TraceIsr + costs.DrainRecord + costs.ConvertRecord);
        Assert.Equal([StepKind.IsrEntry, StepKind.Drain, StepKind.Conversion, StepKind.BufferWrite, StepKind.IsrEntry], guest.Steps.Select(s => s.Step));
        Assert.Equal(new DrainTally(1, 1, 0), guest.Program.DrainTallyOf(1));
        Assert.Equal(1u, TraceRing.ReadConsumer(guest.Ring));
        Assert.Equal([1u], guest.Consumed);
    }

    [Fact]
    public void The_steps_of_an_interrupt_add_up_to_the_time_it_took()
    {
        RecordedGuest guest = new(Modelled(), costs: CostTable.Arndale);
        guest.RunTo(new VirtualInstant(Millisecond));
        guest.Produce(Record(1, guest.Core.Now, Task(5, "a", 5), Task(6, "b", 6)));
        guest.Produce(Record(1, guest.Core.Now, Task(6, "b", 6), Task(5, "a", 5)));
        VirtualInstant taken = guest.Core.Now;
        guest.Announce();
        guest.RunTo(new VirtualInstant(2 * Millisecond));
        Assert.Equal(taken, guest.Steps[0].Start);
        VirtualInstant at = taken;
        foreach (StepRecord step in guest.Steps.Where(s => s.Category != CostCategory.None))
        {
            Assert.Equal(at, step.Start);
            at = step.End;
        }
    }

    [Fact]
    public void A_full_ring_behind_masked_interrupts_is_told_as_lost_records()
    {
        WorkloadSpec workload = Modelled() with { MaskedStretches = [new MaskedStretch(new VirtualInstant(Millisecond), 5 * Millisecond)] };
        RecordedGuest guest = new(workload);
        ulong hits = 0;
        for (ulong at = 1; at < 10; at++)
        {
            guest.RunTo(new VirtualInstant((at * Millisecond) + (Millisecond / 2)));
            for (int i = 0; i < 4; i++)
            {
                guest.Produce(Record(1, guest.Core.Now, Task(5, "a", 5), Task(6, "b", 6)));
                hits++;
            }

            guest.Announce();
        }

        guest.RunTo(new VirtualInstant(11 * Millisecond));
        guest.Program.Finish(guest.Core.Now);
        ulong lost = (ulong)guest.Lanes.Select(l => l.Record).OfType<LostRecordsRecord>().Sum(r => (long)r.Count);
        ulong told = (ulong)guest.Lanes.Count(l => l.Record is SwitchRecord && l.Lane == 1);
        Assert.True(lost > 0);
        Assert.Equal(hits, told + lost);
        Assert.Equal(lost, TraceRing.ReadOverrun(guest.Ring));
    }

    [Fact]
    public void A_scribbled_consumer_index_is_reported_and_mended_at_the_next_interrupt()
    {
        RecordedGuest guest = new(Modelled() with { ScribbleAt = [new VirtualInstant(Millisecond)] });
        guest.RunTo(new VirtualInstant(2 * Millisecond));
        uint garbage = TraceRing.ReadConsumer(guest.Ring);
        Assert.NotEqual(0u, garbage);
        Assert.Equal([garbage], guest.Consumed);
        Assert.False(guest.Produce(Record(1, guest.Core.Now, Task(5, "a", 5), Task(6, "b", 6))));
        guest.Announce();
        guest.RunTo(new VirtualInstant(3 * Millisecond));
        Assert.Equal(0u, TraceRing.ReadConsumer(guest.Ring));
        Assert.True(guest.Produce(Record(1, guest.Core.Now, Task(5, "a", 5), Task(6, "b", 6))));
    }

    [Fact]
    public void The_shell_writes_the_control_files_through_the_device()
    {
        RecordedGuest guest = new(
            Modelled(),
            [
                new ControlWrite(new VirtualInstant(Millisecond), "trace/guest", "ucos"),
                new ControlWrite(new VirtualInstant(Millisecond), "trace/probes", "switch"),
                new ControlWrite(new VirtualInstant(Millisecond), "trace/start_ns", "0x100000002"),
                new ControlWrite(new VirtualInstant(Millisecond), "trace/enable", "1"),
            ],
            CostTable.Arndale);
        guest.RunTo(new VirtualInstant(2 * Millisecond));
        Assert.All(guest.Controls, c => Assert.Equal("ok", c.Result));
        ElfImage rtos = ElfImage.Parse(File.ReadAllBytes(Repository.File("guests", "rtos", "bin", "rtos.elf")), "rtos.elf");
        List<(uint, uint)> expected = [];
        foreach (string name in (string[])["OSCtxSw", "OSIntCtxSw"])
        {
            uint address = rtos.Symbols.TryFind(name, out ElfSymbol? symbol) ? symbol.Address.Value : 0;
            expected.AddRange([(0x04, 1), (0x08, address), (0x0C, 1), (0x10, 2), (0x14, 1), (0x18, 0), (0x1C, 0), (0x20, 1)]);
        }

        Assert.Equal(expected, guest.Peripherals.Stores);
        Assert.Equal([(0, 300), (300, 0)], guest.Switches.Select(s => (s.Current.Pid, s.Next.Pid)));
        ulong charged = (ulong)guest.Steps.Sum(s => (long)(s.End - s.Start));
        SwitchRecord[] switches = [.. guest.Switches];
        Assert.Equal(switches[1].At - switches[0].At, charged);
    }

    [Theory]
    [InlineData("trace/guest", "nobody", "error: there is no guest 'nobody'")]
    [InlineData("trace/symbol", "NoSuch", "error: there is no symbol 'NoSuch' in ucos")]
    [InlineData("trace/probes", "nothing", "error: there is no probe set 'nothing' in profile ucos2")]
    [InlineData("trace/address", "0xxyz", "error: '0xxyz' is no address (decimal or 0x...)")]
    [InlineData("trace/address", "0x100000000", "error: '0x100000000' is no address (decimal or 0x...)")]
    [InlineData("trace/start_ns", "-1", "error: '-1' is no number of nanoseconds (decimal or 0x...)")]
    [InlineData("trace/enable", "1", "error: no probe is selected")]
    [InlineData("trace/enable", "yes", "error: 'yes' is neither 0 nor 1")]
    [InlineData("trace/other", "1", "error: there is no file 'trace/other'")]
    public void A_bad_write_is_an_error_and_reaches_no_device(string file, string value, string result)
    {
        RecordedGuest guest = new(
            Modelled(), [new ControlWrite(new VirtualInstant(1000), "trace/guest", "ucos"), new ControlWrite(new VirtualInstant(1000), file, value)]);
        guest.RunTo(new VirtualInstant(Millisecond));
        Assert.Equal("ok", guest.Controls[0].Result);
        Assert.Equal(result, guest.Controls[1].Result);
        Assert.Equal(2, guest.Controls.Count);
        Assert.Empty(guest.Peripherals.Stores);
    }

    [Fact]
    public void What_the_device_refuses_is_the_result_of_the_write()
    {
        RecordedGuest guest = new(
            Modelled(),
            [
                new ControlWrite(new VirtualInstant(1000), "trace/guest", "ucos"),
                new ControlWrite(new VirtualInstant(1000), "trace/symbol", "OSTimeDly"),
                new ControlWrite(new VirtualInstant(1000), "trace/enable", "1"),
            ]);
        guest.Peripherals.Answer = 6;
        guest.RunTo(new VirtualInstant(Millisecond));
        Assert.Equal("error: there is a probe at that address", guest.Controls[^1].Result);
    }

    [Fact]
    public void Nothing_happens_before_the_next_activity_that_was_named()
    {
        RecordedGuest guest = Busy(CostTable.Arndale);
        for (int i = 0; i < 4000 && guest.Core.Now < new VirtualInstant(20 * Millisecond); i++)
        {
            VirtualInstant next = guest.Program.NextActivity(guest.Core);
            int before = guest.Lanes.Count + guest.Steps.Count + guest.Controls.Count + guest.Peripherals.Stores.Count;
            if (next > guest.Core.Now)
            {
                guest.RunTo(next);
                Assert.Equal(before, guest.Lanes.Count + guest.Steps.Count + guest.Controls.Count + guest.Peripherals.Stores.Count);
                Assert.Equal(next, guest.Core.Now);
            }

            guest.RunTo(guest.Core.Now + 1);
        }

        Assert.NotEmpty(guest.Controls);
    }

    /// <summary>A long work, a control write and trace interrupts in between.</summary>
    private static RecordedGuest Busy(CostTable costs)
    {
        RecordedGuest guest = new(
            Modelled(
                new TaskSpec("long", 50, 105, TaskBehaviour.Once, 0, 2 * Millisecond, 10 * Millisecond),
                new TaskSpec("other", 51, 110, TaskBehaviour.Periodic, Millisecond, Millisecond / 3, Millisecond / 8)),
            [
                new ControlWrite(new VirtualInstant(13 * Millisecond), "trace/guest", "ucos"),
                new ControlWrite(new VirtualInstant(13 * Millisecond), "trace/symbol", "OSTimeDly"),
                new ControlWrite(new VirtualInstant(13 * Millisecond), "trace/enable", "1"),
            ],
            costs);
        guest.Produce(Record(1, VirtualInstant.Zero, Task(5, "a", 5), Task(6, "b", 6)));
        guest.Produce(Record(3, VirtualInstant.Zero, Task(6, "b", 6), default));
        guest.Peripherals.AtFirst(new VirtualInstant(3 * Millisecond), guest.Announce);
        return guest;
    }

    private static void Reproduces(Capture capture)
    {
        RecordedGuest guest = new(new WorkloadSpec { Tasks = [], Bursts = capture.Bursts, MaskedStretches = [], ScribbleAt = [] });
        CapturedBurst[] bursts = [.. capture.Bursts];
        VirtualInstant end = bursts[^1].Start + bursts[^1].WorkCycles + Millisecond;
        guest.RunTo(end);
        SwitchRecord[] made = [.. guest.Switches];
        int k = 0;
        for (int i = 1; i < bursts.Length; i++)
        {
            if (bursts[i].Pid == bursts[i - 1].Pid)
            {
                continue;
            }

            SwitchRecord record = made[k++];
            Assert.Equal(
                (bursts[i].Start.Cycles / Microsecond, bursts[i - 1].Pid, bursts[i - 1].Comm, bursts[i - 1].EndState, bursts[i].Pid, bursts[i].Comm),
                (record.At.Cycles / Microsecond, record.Current.Pid, record.Current.Comm, record.PreviousState, record.Next.Pid, record.Next.Comm));
        }

        Assert.Equal(bursts[^1].Pid == 0 ? k : k + 1, made.Length);
    }

    private static Capture Small()
    {
        using FileStream file = File.OpenRead(Repository.File("scenarios", "captures", "small-2core.txt"));
        return CaptureReader.Read(file, 0, RecordedGuest.Clock);
    }

    private static WorkloadSpec Modelled(params TaskSpec[] tasks) =>
        new() { Tasks = tasks, Bursts = [], MaskedStretches = [], ScribbleAt = [] };

    private static TaskSnapshot Task(uint id, string name, int priority) => new(0x4000_0000 + id, id, name, priority, 0, false, 0);

    private static RingRecord Record(byte kind, VirtualInstant at, TaskSnapshot previous, TaskSnapshot next) => new()
    {
        Probe = 1,
        Kind = kind,
        Guest = 1,
        HitAt = at,
        Cause = new Stamp(at, new SourceId(1), 0),
        Pc = 0x4000_8000,
        Previous = previous,
        Next = next,
    };

    private static (int Pid, int Priority, string Comm, uint State) ReadTask(RecordedGuest guest, uint address)
    {
        Assert.True(guest.Image.Types.TryFindStruct("task_struct", out AggregateType? type));
        Span<byte> bytes = guest.Ram.Bytes.AsSpan((int)(address - 0xC000_0000));
        Span<byte> comm = bytes.Slice(Offset("comm"), 16);
        return (
            BinaryPrimitives.ReadInt32LittleEndian(bytes[Offset("pid")..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[Offset("prio")..]),
            Encoding.ASCII.GetString(comm[..comm.IndexOf((byte)0)]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[Offset("__state")..]));

        int Offset(string member) => type.TryFindMember(member, out AggregateMember? found) ? (int)found.Offset : throw new InvalidOperationException(member);
    }
}
