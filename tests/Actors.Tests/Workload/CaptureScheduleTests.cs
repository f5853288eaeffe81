using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using CsCheck;

namespace ActorTrace.Actors.Tests.Workload;

public sealed class CaptureScheduleTests
{
    private const ulong SwitchCost = 7;
    private static readonly TaskReference Idle = new(0, "swapper/0", 120);
    private static readonly TaskReference Shell = new(300, "sh", 100);

    private static readonly Gen<CapturedBurst[]> Captures =
        Gen.Select(Gen.Int[0, 4], Gen.ULong[0, 60], Gen.UInt[0, 2]).Array[1, 40].Select(Contiguous);

    [Fact]
    public void Without_delay_every_burst_begins_when_it_was_captured() => Captures.Sample(bursts =>
    {
        List<(ulong At, TaskSwitch Made)> switches = Run(new CaptureSchedule(bursts, Idle, Shell), 0, _ => 0, []);
        List<(ulong, int, int, uint)> expected = [];
        for (int i = 1; i < bursts.Length; i++)
        {
            if (bursts[i].Pid != bursts[i - 1].Pid)
            {
                expected.Add((bursts[i].Start.Cycles, bursts[i - 1].Pid, bursts[i].Pid, bursts[i - 1].EndState));
            }
        }

        CapturedBurst last = bursts[^1];
        if (last.Pid != 0)
        {
            expected.Add(((last.Start + last.WorkCycles).Cycles, last.Pid, 0, last.EndState));
        }

        Assert.Equal(expected, switches.Select(s => (s.At, s.Made.Previous.Pid, s.Made.Next.Pid, s.Made.PreviousState)));
    });

    [Fact]
    public void Delay_is_what_was_stolen_less_what_idle_time_absorbed_and_the_order_stays() =>
        Gen.Select(Captures, Gen.ULong[0, 90].Array[8], Gen.ULong[0, 900].Array[0, 3]).Sample(input =>
        {
            (CapturedBurst[] bursts, ulong[] thefts, ulong[] commands) = input;
            CaptureSchedule schedule = new(bursts, Idle, Shell);
            ulong stolen = 0;
            List<(ulong At, TaskSwitch Made)> switches = Run(
                schedule, SwitchCost, i => thefts[i % thefts.Length], commands, cycles => stolen += cycles);
            CaptureAccount account = schedule.Account;
            Assert.Equal(bursts.Length, account.Bursts);
            Assert.Equal((long)account.Delay, (long)account.Stolen + (long)account.Excess - account.Absorbed);
            Assert.True(account.Stolen <= stolen);
            int[] order = [.. switches.Where(s => s.Made.Previous != Shell).Select(s => s.Made.Previous.Pid)];
            Assert.Equal(Leaving(bursts), Collapse(order));
        });

    [Fact]
    public void Each_burst_executes_its_captured_work_or_the_switch_if_that_is_longer() =>
        Gen.Select(Captures, Gen.ULong[0, 90].Array[8]).Sample(input =>
        {
            (CapturedBurst[] bursts, ulong[] thefts) = input;
            Dictionary<int, ulong> executed = [];
            Run(new CaptureSchedule(bursts, Idle, Shell), SwitchCost, i => thefts[i % thefts.Length], [], null, executed);
            Dictionary<int, ulong> expected = [];
            for (int i = 0; i < bursts.Length; i++)
            {
                ulong cost = i > 0 && bursts[i].Pid != bursts[i - 1].Pid ? SwitchCost : 0;
                expected[bursts[i].Pid] = expected.GetValueOrDefault(bursts[i].Pid) + Math.Max(cost, bursts[i].WorkCycles);
            }

            foreach (int pid in expected.Keys.Where(p => p != 0))
            {
                Assert.Equal(expected[pid], executed.GetValueOrDefault(pid));
            }
        });

    [Fact]
    public void The_controller_interrupts_idle_at_once_and_work_at_its_end()
    {
        CapturedBurst[] bursts = Contiguous([(1, 100, 1u), (0, 100, 0u), (2, 50, 1u)]);
        List<(ulong At, TaskSwitch Made)> switches = Run(new CaptureSchedule(bursts, Idle, Shell), 0, _ => 0, [30, 150]);
        Assert.Equal(
            [(100UL, 1, 300), (110UL, 300, 0), (150UL, 0, 300), (160UL, 300, 0), (200UL, 0, 2), (250UL, 2, 0)],
            switches.Select(s => (s.At, s.Made.Previous.Pid, s.Made.Next.Pid)));
    }

    [Fact]
    public void Gaps_between_bursts_are_idle_time()
    {
        CapturedBurst[] bursts = [new(1, "a", 120, new VirtualInstant(10), 5, 1), new(2, "b", 120, new VirtualInstant(40), 5, 2)];
        List<(ulong At, TaskSwitch Made)> switches = Run(new CaptureSchedule(bursts, Idle, Shell), 0, _ => 0, []);
        Assert.Equal(
            [(10UL, 0, 1), (15UL, 1, 0), (40UL, 0, 2), (45UL, 2, 0)], switches.Select(s => (s.At, s.Made.Previous.Pid, s.Made.Next.Pid)));
    }

    [Fact]
    public void Overlapping_bursts_are_refused() =>
        Assert.Throws<ArgumentException>(() => new CaptureSchedule(
            [new(1, "a", 120, VirtualInstant.Zero, 5, 1), new(2, "b", 120, new VirtualInstant(4), 5, 1)], Idle, Shell));

    private static CapturedBurst[] Contiguous((int Pid, ulong Work, uint State)[] parts)
    {
        CapturedBurst[] bursts = new CapturedBurst[parts.Length];
        VirtualInstant start = VirtualInstant.Zero;
        for (int i = 0; i < parts.Length; i++)
        {
            (int pid, ulong work, uint state) = parts[i];
            bursts[i] = new CapturedBurst(pid, "t" + (char)('0' + pid), 120, start, work, pid == 0 ? 0 : state);
            start += work;
        }

        return bursts;
    }

    /// <summary>Drives a schedule as a kernel does: a switch costs cycles of the task that comes; after each, some time is stolen.</summary>
    private static List<(ulong At, TaskSwitch Made)> Run(
        CaptureSchedule schedule, ulong switchCost, Func<int, ulong> theft, ulong[] commands, Action<ulong>? stolen = null,
        Dictionary<int, ulong>? executed = null)
    {
        const ulong ControllerWork = 10;
        List<(ulong, TaskSwitch)> switches = [];
        Queue<ulong> due = new(commands.Order());
        VirtualInstant now = VirtualInstant.Zero;
        List<TaskReference> woken = [];
        for (int steps = 0; steps < 100_000; steps++)
        {
            ulong at;
            while (due.TryPeek(out at) && at <= now.Cycles)
            {
                due.Dequeue();
                schedule.WakeController();
            }

            if (schedule.Decide(now, woken) is { } made)
            {
                switches.Add((now.Cycles, made));
                Work(switchCost);
                ulong cycles = theft(switches.Count);
                stolen?.Invoke(cycles);
                now += cycles;
                stolen?.Invoke(schedule.ControllerRuns ? switchCost : 0);
                continue;
            }

            if (schedule.ControllerRuns)
            {
                now += ControllerWork;
                stolen?.Invoke(ControllerWork);
                schedule.SleepController();
                continue;
            }

            VirtualInstant next = schedule.NextDecision(now);
            next = due.TryPeek(out at) ? VirtualInstant.Min(next, new VirtualInstant(at)) : next;
            if (next == VirtualInstant.Never)
            {
                return switches;
            }

            Work(next - now);
        }

        throw new InvalidOperationException("The schedule does not come to rest.");

        void Work(ulong cycles)
        {
            schedule.Worked(cycles);
            now += cycles;
            if (executed is not null)
            {
                executed[schedule.Current.Pid] = executed.GetValueOrDefault(schedule.Current.Pid) + cycles;
            }
        }
    }

    private static List<int> Leaving(CapturedBurst[] bursts)
    {
        List<int> pids = [.. bursts.Select(b => b.Pid)];
        if (pids[^1] == 0)
        {
            pids.RemoveAt(pids.Count - 1);
        }

        return Collapse(pids);
    }

    /// <summary>Work only, neighbours of one task joined: a capture that lost events may have two bursts of one task in a row.</summary>
    private static List<int> Collapse(IEnumerable<int> pids)
    {
        List<int> joined = [];
        foreach (int pid in pids.Where(p => p != 0))
        {
            if (joined.Count == 0 || joined[^1] != pid)
            {
                joined.Add(pid);
            }
        }

        return joined;
    }
}
