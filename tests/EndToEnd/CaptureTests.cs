using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>A capture as the load of the GPOS: what tracing costs shows as delay, to the cycle.</summary>
public sealed class CaptureTests
{
    private const ulong Microsecond = 1_700;
    private const ulong LongestSwitch = 200;
    private const string Capture = "$ACTORTRACE_CAPTURES/android-systrace-2core-arm.txt";

    [Fact]
    public void With_tracing_off_and_free_costs_every_switch_comes_back_to_the_microsecond() => ComesBack(Small(traced: false));

    [SkippableFact]
    public void With_tracing_off_and_free_costs_every_switch_of_a_real_Android_comes_back() => ComesBack(Android(traced: false));

    [Fact]
    public void With_tracing_on_tasks_execute_what_they_executed_and_delay_is_charge_less_absorbed_idle() => Balances(Small(traced: true));

    [SkippableFact]
    public void With_tracing_on_a_real_Android_executes_what_it_executed_and_delay_is_charge_less_absorbed_idle() =>
        Balances(Android(traced: true));

    private static Scenario Small(bool traced)
    {
        string file = Path.Combine("captures", "small-2core.txt").Replace('\\', '/');
        return Edit(traced, SimulatedRun.Load("capture", (Capture, file), ("duration: 5s", "duration: 600ms")));
    }

    private static Scenario Android(bool traced)
    {
        Skip.If(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES")), "ACTORTRACE_CAPTURES is not set");
        return Edit(traced, SimulatedRun.Load("capture"));
    }

    private static Scenario Edit(bool traced, Scenario scenario) => traced
        ? scenario
        : scenario with { Control = [], Board = scenario.Board with { Costs = Machine.Boards.CostTable.Zero } };

    private static void ComesBack(Scenario scenario)
    {
        SimulatedRun run = SimulatedRun.Sequentially(scenario);
        SwitchRecord[] made = [.. run.Records<SwitchRecord>(StreamNames.Lane(0))];
        CapturedBurst[] bursts = Within(scenario, made.Length);
        for (int k = 1; k < bursts.Length; k++)
        {
            SwitchRecord record = made[k - 1];
            Assert.Equal(
                (bursts[k].Start.Cycles / Microsecond, bursts[k - 1].Pid, bursts[k - 1].Comm, bursts[k - 1].EndState, bursts[k].Pid, bursts[k].Comm),
                (record.At.Cycles / Microsecond, record.Current.Pid, record.Current.Comm, record.PreviousState, record.Next.Pid, record.Next.Comm));
        }
    }

    private static void Balances(Scenario scenario)
    {
        SimulatedRun run = SimulatedRun.Sequentially(scenario);
        StepRecord[] steps = [.. run.Records<StepRecord>(StreamNames.Core(0)).Where(s => s.Category != CostCategory.None).OrderBy(s => s.Start)];
        SwitchRecord[] made = [.. run.Records<SwitchRecord>(StreamNames.Lane(0))];
        Assert.Contains(run.Records<SwitchRecord>(StreamNames.Lane(2)), s => s.Next.Pid > 0);
        CapturedBurst[] work = [.. Within(scenario, made.Length).Where(b => b.Pid != 0)];
        int next = work[0].Pid == made[0].Current.Pid ? 1 : 0;
        for (int i = 0; i + 1 < made.Length && next < work.Length; i++)
        {
            if (made[i].Next.Pid == 0 || string.Equals(made[i].Next.Comm, "sh", StringComparison.Ordinal))
            {
                continue;
            }

            CapturedBurst burst = work[next++];
            Assert.Equal(burst.Pid, made[i].Next.Pid);
            ulong executed = made[i + 1].At - made[i].At - Charged(steps, made[i].At, made[i + 1].At);
            Assert.True(executed == burst.WorkCycles || (burst.WorkCycles < LongestSwitch && executed < LongestSwitch), $"{burst} executed {executed}");
        }

        CaptureAccount account = ((WorkloadProgram)run.Guest("android").Present.Program).Capture!.Value;
        VirtualInstant end = CapturedEnd(scenario, account.Bursts) + account.Delay;
        Assert.True(account.Stolen > 0);
        Assert.Equal(Charged(steps, VirtualInstant.Zero, end), account.Stolen);
        Assert.Equal((long)account.Delay, (long)account.Stolen + (long)account.Excess - account.Absorbed);
    }

    /// <summary>The sum of the steps that begin in an interval.</summary>
    private static ulong Charged(StepRecord[] steps, VirtualInstant from, VirtualInstant to)
    {
        int low = Array.FindIndex(steps, s => s.Start >= from);
        ulong sum = 0;
        for (int i = low; i >= 0 && i < steps.Length && steps[i].Start < to; i++)
        {
            sum += steps[i].End - steps[i].Start;
        }

        return sum;
    }

    private static VirtualInstant CapturedEnd(Scenario scenario, long bursts)
    {
        CapturedBurst last = scenario.Guests[0].Workload!.Bursts[(int)bursts - 1];
        return last.Start + last.WorkCycles;
    }

    /// <summary>The bursts that the run came to see, those of one task after each other joined as the tracer shows them.</summary>
    private static CapturedBurst[] Within(Scenario scenario, int switches)
    {
        List<CapturedBurst> joined = [];
        foreach (CapturedBurst burst in scenario.Guests[0].Workload!.Bursts.Where(b => b.Start < scenario.Duration))
        {
            if (joined.Count > 0 && joined[^1].Pid == burst.Pid)
            {
                joined[^1] = joined[^1] with { WorkCycles = joined[^1].WorkCycles + burst.WorkCycles, EndState = burst.EndState };
            }
            else
            {
                joined.Add(burst);
            }
        }

        Assert.True(joined.Count > 100 && switches >= joined.Count - 1, $"{switches} switches for {joined.Count} bursts");
        return [.. joined];
    }
}
