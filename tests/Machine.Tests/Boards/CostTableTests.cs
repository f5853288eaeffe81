using ActorTrace.Machine.Boards;
using Xunit;

namespace ActorTrace.Machine.Tests.Boards;

public sealed class CostTableTests
{
    [Fact]
    public void A_hypercall_on_the_Arndale_board_costs_what_was_measured_there()
    {
        CostTable costs = CostTable.Arndale;
        Assert.Equal(5326UL, costs.TrapEntry + costs.Route + costs.Hypercall + costs.TrapExit);
    }

    [Fact]
    public void A_device_access_on_the_Arndale_board_costs_what_was_measured_there()
    {
        CostTable costs = CostTable.Arndale;
        Assert.Equal(5990UL, costs.TrapEntry + costs.Route + costs.Mmio + costs.TrapExit);
    }

    [Fact]
    public void Without_the_state_of_the_virtual_interrupt_controller_both_cost_what_was_measured_so()
    {
        CostTable costs = CostTable.ArndaleWithoutVgic;
        Assert.Equal(2270UL, costs.TrapEntry + costs.Route + costs.Hypercall + costs.TrapExit);
        Assert.Equal(2851UL, costs.TrapEntry + costs.Route + costs.Mmio + costs.TrapExit);
    }

    [Fact]
    public void Acknowledging_and_ending_take_what_was_measured_with_an_interface_and_with_an_emulated_one()
    {
        CostTable costs = CostTable.Arndale;
        Assert.InRange(2 * (costs.InterfaceAccess + 1), 427 * 0.98, 427 * 1.02);
        costs = CostTable.ArndaleWithoutVgic;
        Assert.InRange(2 * (costs.TrapEntry + costs.Route + costs.UserEmulation + costs.TrapExit), 13_939 * 0.98, 13_939 * 1.02);
    }

    [Fact]
    public void Nothing_costs_anything_in_the_zero_table() => Assert.All(CostTable.Zero.Entries, e => Assert.Equal(0UL, e.Cycles));

    [Fact]
    public void Every_name_sets_its_own_property_and_no_other()
    {
        foreach (string name in CostTable.Names)
        {
            CostTable changed = CostTable.Zero.With(name, 77);
            string property = string.Concat(name.Split('-').Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
            foreach (System.Reflection.PropertyInfo found in typeof(CostTable).GetProperties().Where(p => p.PropertyType == typeof(ulong)))
            {
                ulong expected = string.Equals(found.Name, property, StringComparison.Ordinal) ? 77UL : 0UL;
                Assert.Equal(expected, Assert.IsType<ulong>(found.GetValue(changed)));
            }

            Assert.NotNull(typeof(CostTable).GetProperty(property));
        }
    }

    [Fact]
    public void A_changed_cost_is_an_assumption_of_the_scenario()
    {
        CostEntry entry = CostTable.Arndale.With("trap-entry", 1).Entries.Single(IsTrapEntry);
        Assert.Equal((1UL, CostOrigin.Assumed), (entry.Cycles, entry.Origin));
        Assert.Equal(CostOrigin.Calibrated, CostTable.Arndale.Entries.Single(IsTrapEntry).Origin);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => CostTable.Zero.With("trap-enter", 1));
        Assert.Contains("trap-entry", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_tells_its_source() =>
        Assert.All(CostTable.Arndale.Entries.Concat(CostTable.ArndaleWithoutVgic.Entries), e => Assert.False(string.IsNullOrWhiteSpace(e.Source)));

    private static bool IsTrapEntry(CostEntry entry) => string.Equals(entry.Name, "trap-entry", StringComparison.Ordinal);
}
