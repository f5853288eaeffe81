using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>
/// Says what a benchmark takes in a world before it runs there: from what it takes natively, the number of its events, and what each
/// event costs (<see cref="HitComposition"/>).
/// </summary>
/// <remarks>
/// Ticks and the guest's housekeeping come with time, not with iterations, so their costs are a share s of it:
/// cycles = (native + events x cost) / (1 - s).
/// </remarks>
/// <param name="costs">The board's cost table.</param>
/// <param name="clock">The board's clocks.</param>
public sealed class OverheadPrediction(CostTable costs, ClockRates clock)
{
    // guests/rtos/kernel/os.h OS_TICKS_PER_SEC, guests/overhead/runner.c HOUSE_PERIOD_TICKS.
    private const ulong TicksPerSecond = 1000;
    private const ulong HousekeepingsPerSecond = 100;

    /// <summary>The functions that a tick enters.</summary>
    private static readonly string[] OfTick = ["irq_entry", "OSIntEnter", "interrupt_dispatch", "tick_advance", "OSTimeTick", "OSIntExit"];

    /// <summary>The functions that the housekeeping enters beyond the tick that wakes it: made ready, switched to, asleep again, switched from.</summary>
    private static readonly string[] OfHousekeeping =
    [
        "OS_SetReady", "truth_ready", "OSIntCtxSw", "OSTaskSwHook", "truth_switch", "os_switch_in",
        "OSTimeDly", "OS_ClearReady", "OS_Sched", "OSCtxSw", "OSTaskSwHook", "truth_switch", "os_switch_in",
    ];

    /// <summary>Two tasks by turns: the housekeeping wakes up, and sleeps again.</summary>
    private static readonly int[] HousekeepingSwitches = [1, 0];

    private ulong TickCost => HitComposition.Cycles(HitComposition.Tick(), costs);

    private ulong FunctionCost => HitComposition.Cycles(HitComposition.FunctionHit(), costs);

    /// <summary>With the hypervisor and no probe.</summary>
    /// <param name="native">Cycles without a hypervisor.</param>
    public double Off(ulong native) => native / (1 - Share(TickCost, 0));

    /// <summary>With the switch probes.</summary>
    /// <param name="native">Cycles without a hypervisor.</param>
    /// <param name="benchmark">Which benchmark.</param>
    /// <param name="iterations">How often.</param>
    /// <param name="more">Cycles that each hit takes beyond its composition.</param>
    public double Switches(ulong native, OverheadBenchmark benchmark, uint iterations, ulong more = 0)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        return (native + ((double)iterations * CostOf(benchmark.Switches, more)))
            / (1 - Share(TickCost, CostOf(HousekeepingSwitches, more)));
    }

    /// <summary>With a probe on every function.</summary>
    /// <param name="native">Cycles without a hypervisor.</param>
    /// <param name="entries">How often the benchmark enters a function.</param>
    public double AllFunctions(ulong native, ulong entries) =>
        (native + ((double)entries * FunctionCost))
        / (1 - Share(TickCost + ((ulong)OfTick.Length * FunctionCost), (ulong)OfHousekeeping.Length * FunctionCost));

    /// <summary>1 - score / score of the base, in percent.</summary>
    public static double Overhead(double baseline, double cycles) => 100.0 * (1.0 - (baseline / cycles));

    private ulong CostOf(IEnumerable<int> switches, ulong more) =>
        switches.Aggregate(0UL, (sum, woken) => sum + HitComposition.Cycles(HitComposition.SwitchHit(woken), costs) + more);

    private double Share(ulong tick, ulong housekeeping) => ((tick * TicksPerSecond) + (housekeeping * HousekeepingsPerSecond)) / (double)clock.CoreHz;
}
