using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Validate;

/// <summary>What a guest measures with its cycle counter against what the hypervisor recorded meanwhile: exactly the same.</summary>
public sealed class MeasuredLoopTests
{
    private const ulong Distributor = 0x0800_0000;
    private const ulong InterfaceStart = 0x0801_0000;
    private const ulong InterfaceEnd = 0x0801_2000;

    [Theory]
    [InlineData("micro", "hypercall")]
    [InlineData("micro", "device-access")]
    [InlineData("micro-no-vgic", "hypercall")]
    [InlineData("micro-no-vgic", "device-access")]
    [InlineData("micro-no-vgic", "interface-access")]
    public void A_loop_that_traps_takes_what_its_traps_are_charged(string scenario, string loop)
    {
        MeasuringGuest guest = new(scenario);
        StepRecord[] steps = guest.Between(loop);
        Assert.Equal(guest[loop].Operations, Count(steps, StepKind.Trap));
        Assert.Equal(guest[loop].Cycles, Sum(steps));
        Assert.Empty(guest.Between(loop + "-loop"));
    }

    [Fact]
    public void Acknowledging_and_ending_does_not_trap_and_takes_two_accesses_to_the_interface()
    {
        MeasuringGuest guest = new("micro");
        StepRecord[] steps = guest.Between("acknowledge-end");
        Assert.Equal(guest["acknowledge-end"].Operations, Count(steps, StepKind.Trap));
        Assert.All(steps.Where(s => s.Step == StepKind.Mmio), s => Assert.Equal(Distributor, s.Detail & ~0xFFFUL));
        Assert.Equal(2 * guest["acknowledge-end"].Operations * guest.Run.Board.Scenario.Board.Costs.InterfaceAccess, guest["acknowledge-end"].Cycles);
    }

    [Fact]
    public void Without_a_virtual_interface_both_trap_and_take_what_their_traps_are_charged()
    {
        MeasuringGuest guest = new("micro-no-vgic");
        StepRecord[] steps = guest.Between("acknowledge-end");
        HashSet<Stamp> accesses = [.. steps.Where(s => s.Step == StepKind.Mmio && s.Detail is >= InterfaceStart and < InterfaceEnd).Select(s => s.Cause)];
        Assert.Equal(2 * guest["acknowledge-end"].Operations, (ulong)accesses.Count);
        Assert.Equal(guest["acknowledge-end"].Cycles, Sum(steps.Where(s => accesses.Contains(s.Cause))));
    }

    [Theory]
    [InlineData("micro")]
    [InlineData("micro-no-vgic")]
    public void An_interrupt_between_cores_takes_the_steps_of_its_way_from_core_to_core(string scenario)
    {
        MeasuringGuest guest = new(scenario);
        StepRecord[] steps = guest.Between("interrupt-between-cores");
        ulong latency = guest.Run.Board.Scenario.Board.SgiLatency;
        ulong accesses = 2 * guest.Run.Board.Scenario.Board.Costs.InterfaceAccess;
        ulong way = 0;
        foreach (StepRecord sent in steps.Where(s => s.Step == StepKind.SgiSend))
        {
            StepRecord began = steps.Single(s => s.Step == StepKind.Trap && s.Cause == sent.Cause && s.Core == sent.Core);
            StepRecord arrived = steps.Single(s => s.Step == StepKind.Trap && s.Core != sent.Core && s.Start == sent.End + latency);
            StepRecord resumed = steps.First(s => s.Step == StepKind.Resume && s.Core == arrived.Core && s.Start >= arrived.End);
            way += (sent.End - began.Start) + latency + (resumed.End - arrived.Start);
            way += guest.Run.Board.Scenario.Board.VirtualInterface ? accesses : Trapped(steps, resumed);
        }

        // The other loop takes off six instructions each round: four accesses to the interface and the end of the loop on core 0;
        // WFI and the end of the loop on core 1 pass while the interrupt is on its way.
        (ulong operations, ulong cycles) = guest["interrupt-between-cores"];
        Assert.Equal(operations, Count(steps, StepKind.SgiSend));
        Assert.Equal(cycles, way);
    }

    /// <summary>What the two accesses to an emulated interface take that follow the arrival of an interrupt.</summary>
    private static ulong Trapped(StepRecord[] steps, StepRecord resumed)
    {
        StepRecord[] accesses =
        [
            .. steps.Where(s => s.Core == resumed.Core && s.Start >= resumed.End && s.Step == StepKind.Mmio
                && s.Detail is >= InterfaceStart and < InterfaceEnd).Take(2),
        ];
        return Sum(steps.Where(s => accesses.Any(a => a.Cause == s.Cause)));
    }

    private static ulong Count(IEnumerable<StepRecord> steps, StepKind step) => (ulong)steps.Count(s => s.Step == step);

    private static ulong Sum(IEnumerable<StepRecord> steps) => steps.Aggregate(0UL, (sum, s) => sum + (s.End - s.Start));
}
