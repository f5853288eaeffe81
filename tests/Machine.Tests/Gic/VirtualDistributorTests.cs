using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

public sealed class VirtualDistributorTests
{
    private readonly VirtualDistributor distributor = new(2);

    [Fact]
    public void An_interrupt_may_be_injected_when_it_and_the_distributor_are_enabled()
    {
        Assert.False(distributor.IsEnabled(64, 0));
        Store(0x108, 1);
        Assert.False(distributor.IsEnabled(64, 0));
        Store(0x000, 1);
        Assert.True(distributor.IsEnabled(64, 0));
        Store(0x188, 1);
        Assert.False(distributor.IsEnabled(64, 0));
    }

    [Fact]
    public void Banked_interrupts_are_each_vCPU_s_own()
    {
        Store(0x000, 1);
        Store(0x100, 1U << 27);
        Store(0x41B, 0x60, 1);
        Assert.Equal((true, false), (distributor.IsEnabled(27, 0), distributor.IsEnabled(27, 1)));
        Assert.Equal((0x60, 0), (distributor.Priority(27, 0), distributor.Priority(27, 1)));
        Assert.Equal((0x0101_0101U, 0x0202_0202U), (distributor.Read(0, 0x800, 4), distributor.Read(1, 0x800, 4)));
    }

    [Fact]
    public void What_is_noted_is_taken_by_priority_then_number_and_only_when_enabled()
    {
        Store(0x000, 1);
        foreach (int id in new[] { 40, 41, 42, 43 })
        {
            Store(0x400 + (uint)id, id == 42 ? 0x40U : 0x80U, 1);
            Store(0x800 + (uint)id, 1, 1);
            distributor.SetPending(id, 0);
        }

        Assert.False(distributor.TryTakePending(0, out _));
        Store(0x104, 0b0111U << 8);
        List<int> taken = [];
        while (distributor.TryTakePending(0, out ListRegister entry))
        {
            taken.Add(entry.VirtualId);
        }

        Assert.Equal([42, 40, 41], taken);
        Assert.Equal(1U << 11, distributor.Read(0, 0x204, 4));
        Assert.Equal(0U, distributor.Read(0, 0x304, 4));
    }

    [Fact]
    public void A_noted_SGI_is_taken_once()
    {
        Store(0x000, 1);
        distributor.SetPending(3, 1);
        Assert.False(distributor.TryTakePending(0, out _));
        Assert.True(distributor.TryTakePending(1, out ListRegister entry));
        Assert.Equal(3, entry.VirtualId);
        Assert.False(distributor.TryTakePending(1, out _));
    }

    [Fact]
    public void A_software_generated_interrupt_goes_to_the_vCPUs_named_itself_included()
    {
        List<SgiRequest> sent = [];
        distributor.SgiSent = sent.Add;
        distributor.Write(1, 0xF00, 4, 0x00FF_0002, new VirtualInstant(5));
        SgiRequest request = Assert.Single(sent);
        Assert.Equal((2, new CoreId(1), new VirtualInstant(5)), (request.Sgi, request.Source, request.At));
        Assert.Equal([new CoreId(0), new CoreId(1)], request.Targets);
    }

    [Fact]
    public void Pending_and_active_bits_show_the_list_registers_and_clear_them()
    {
        VirtualCpuInterface held = new(_ => { }) { HypervisorControl = 1, Control = 1, PriorityMask = 0xFF };
        distributor.Hold(0, held);
        held.TryInject(40, 0, null);
        Assert.Equal(1U << 8, distributor.Read(0, 0x204, 4));
        Assert.Equal(40U, held.Acknowledge(false));
        held.TryInject(40, 0, null);
        Assert.Equal((1U << 8, 1U << 8), (distributor.Read(0, 0x204, 4), distributor.Read(0, 0x304, 4)));
        Store(0x284, 1U << 8);
        Assert.Equal((0U, 1U << 8), (distributor.Read(0, 0x204, 4), distributor.Read(0, 0x304, 4)));
        Store(0x384, 1U << 8);
        Assert.Equal(VirtualCpuInterface.ListRegisters, held.FreeListRegisters);
        distributor.Hold(0, null);
        Assert.Equal(0U, distributor.Read(0, 0x204, 4));
    }

    [Fact]
    public void The_type_register_tells_96_interrupts_and_the_number_of_vCPUs() => Assert.Equal(0x22U, distributor.Read(0, 0x004, 4));

    private void Store(uint offset, uint value, int size = 4) => distributor.Write(0, offset, size, value, VirtualInstant.Zero);
}
