using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class PerformanceMonitorTests
{
    private const uint Pmcr = 0xEE090F1C;
    private const uint EnableSet = 0xEE090F3C;
    private const uint Overflow = 0xEE090F7C;
    private const uint SoftwareIncrement = 0xEE090F9C;
    private const uint Select = 0xEE090FBC;
    private const uint CycleCount = 0xEE090F1D;
    private const uint EventType = 0xEE090F3D;
    private const uint EventCount = 0xEE090F5D;
    private const uint Nop = 0xE1A00000;

    /// <summary>64 cycles an instruction; counting starts when PMCR.E is set and each access counts itself.</summary>
    [Fact]
    public void Cycles_and_instructions_are_counted()
    {
        TestMachine machine = Counting(0x08, 0x11, 0x00);
        Write(machine, Pmcr, 7);
        Repeat(machine, 10);
        Assert.Equal(11u * 64, Read(machine, CycleCount));
        Write(machine, Select, 0);
        Assert.Equal(13u, Read(machine, EventCount));
        Write(machine, Select, 1);
        Assert.Equal(15u * 64, Read(machine, EventCount));
        Write(machine, Select, 2);
        Write(machine, SoftwareIncrement, 0b111);
        Assert.Equal(1u, Read(machine, EventCount));
        Write(machine, Pmcr, 0);
        uint stopped = Read(machine, CycleCount);
        Repeat(machine, 10);
        Assert.Equal(stopped, Read(machine, CycleCount));
    }

    [Fact]
    public void The_divider_counts_every_64_cycles()
    {
        TestMachine machine = Counting(0x08, 0x11, 0x00);
        Write(machine, Pmcr, 0xD);
        Repeat(machine, 99);
        Assert.Equal(100u, Read(machine, CycleCount));
    }

    [Fact]
    public void A_counter_that_wraps_sets_its_overflow_flag()
    {
        TestMachine machine = Counting(0x08, 0x11, 0x00);
        Write(machine, CycleCount, 0xFFFF_FFC0);
        Write(machine, EventCount, 0xFFFF_FFFE);
        Write(machine, Pmcr, 1);
        Assert.Equal(0x8000_0000u, Read(machine, Overflow));
        Repeat(machine, 3);
        Assert.Equal(0x8000_0001u, Read(machine, Overflow));
        Write(machine, Overflow, 0x8000_0000);
        Assert.Equal(1u, Read(machine, Overflow));
    }

    [Fact]
    public void Instructions_of_another_vcpu_are_not_counted()
    {
        TestMachine machine = Counting(0x08, 0x11, 0x00);
        Write(machine, Pmcr, 7);
        machine.Core.Detach();
        VcpuContext other = new(new VcpuId(new GuestId(1), 0));
        machine.Core.Attach(other, machine.Memory);
        Repeat(machine, 50);
        machine.Core.Detach();
        machine.Core.Attach(machine.Vcpu, machine.Memory);
        Assert.Equal(1u, Read(machine, EventCount));
        Assert.Equal(52u * 64, Read(machine, CycleCount));
    }

    /// <summary>Counters 0 to 2 of these events, selected 0.</summary>
    private static TestMachine Counting(params ReadOnlySpan<uint> events)
    {
        TestMachine machine = new(Nop);
        for (int i = events.Length - 1; i >= 0; i--)
        {
            Write(machine, Select, (uint)i);
            Write(machine, EventType, events[i]);
        }

        Write(machine, EnableSet, 0x8000_0007);
        return machine;
    }

    private static void Repeat(TestMachine machine, int count)
    {
        for (int i = 0; i < count; i++)
        {
            machine.Core.ExecuteDisplaced(Nop);
        }
    }

    private static void Write(TestMachine machine, uint register, uint value)
    {
        machine.Core[0] = value;
        Assert.Null(machine.Core.ExecuteDisplaced(register));
    }

    private static uint Read(TestMachine machine, uint register)
    {
        Assert.Null(machine.Core.ExecuteDisplaced(register | (1 << 20)));
        return machine.Core[0];
    }
}
