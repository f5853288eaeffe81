using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class RunningTests
{
    // mov r0, #0; mov r1, #10; loop: add r0, r0, r1; subs r1, r1, #1; bne loop; b .
    private static readonly uint[] Sum = [0xE3A00000, 0xE3A0100A, 0xE0800001, 0xE2511001, 0x1AFFFFFC, 0xEAFFFFFE];

    [Fact]
    public void A_loop_adds_up_and_takes_its_cycles()
    {
        TestMachine machine = new(Sum);
        CoreExit exit = machine.Run(2 + 30);
        Assert.Equal(CoreExitKind.LimitReached, exit.Kind);
        Assert.Equal(55u, machine.Core[0]);
        Assert.Equal(TestMachine.Start + 20, machine.Core[15]);
        Assert.Equal(32UL, machine.Core.Instructions);
        Assert.Equal(32UL * 64, machine.Core.Now.Cycles);
    }

    [Fact]
    public void The_counter_read_counts_itself()
    {
        // nop; mrrc p15, 1, r2, r3, c14; mrrc p15, 1, r4, r5, c14
        TestMachine machine = new(0xE320F000, 0xEC532F1E, 0xEC554F1E);
        machine.Run(3);
        Assert.Equal(8u, machine.Core[2]);
        Assert.Equal(12u, machine.Core[4]);
    }

    [Fact]
    public void A_device_sees_the_instant_at_which_the_store_completes()
    {
        // mov r0, #0x09000000; mov r1, #7; str r1, [r0]; ldrh r2, [r0, #2]
        TestMachine machine = new(0xE3A00409, 0xE3A01007, 0xE5801000, 0xE1D020B2);
        machine.Peripherals.DeviceValue = 0x1234;
        machine.Run(4);
        Assert.Equal((TestPeripherals.Device, 4, 7u, 3UL * 64), Assert.Single(machine.Peripherals.Written));
        Assert.Equal((TestPeripherals.Device + 2, 2, 4UL * 64), Assert.Single(machine.Peripherals.Read));
        Assert.Equal(0x1234u, machine.Core[2]);
        Assert.Equal(4UL * 64, machine.Core.Now.Cycles);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(213)]
    public void What_a_device_takes_passes_before_the_access_completes(int cycles)
    {
        // ldr r1, [r0]; stm r0, {r1, r2}; nop
        TestMachine machine = new(0xE5901000, 0xE8800006, 0xE320F000);
        machine.Peripherals.DeviceCycles = (ulong)cycles;
        machine.Core[0] = (uint)TestPeripherals.Device;
        ulong taken = (ulong)cycles;
        while (machine.Core[15] < TestMachine.Start + 12)
        {
            machine.Run(1);
        }

        Assert.Equal(64 + taken, Assert.Single(machine.Peripherals.Read).At);
        Assert.Equal([128 + (2 * taken), 128 + (3 * taken)], machine.Peripherals.Written.Select(w => w.At));
        Assert.Equal((3UL * 64) + (3 * taken), machine.Core.Now.Cycles);
        Assert.Equal(3UL, machine.Core.Instructions);
    }

    [Fact]
    public void Swp_is_there_where_sctlr_sw_enables_it()
    {
        TestMachine machine = new(0xE1012090, 0xE1413091); // swp r2, r0, [r1]; swpb r3, r1, [r1]
        machine.Core[0] = 0x1234_5678;
        machine.Core[1] = TestMachine.Start + 0x100;
        machine.Put(TestMachine.Start + 0x100, 0x8765_43A1);
        machine.Vcpu.Cp15.Sctlr |= 1 << 10;
        machine.Run(2);
        Assert.Equal((0x8765_43A1u, 0x78u), (machine.Core[2], machine.Core[3]));
        Assert.Equal(0x1234_5600u, machine.Word(TestMachine.Start + 0x100));
        machine.Core[15] = TestMachine.Start;
        machine.Vcpu.Cp15.Sctlr &= ~(1u << 10);
        machine.Core.ExecuteDisplaced(0xE1012090);
        Assert.Equal(0b11011u, machine.Core.Cpsr & 31);
    }

    [Fact]
    public void Sleep_ends_exactly_when_a_line_comes_up()
    {
        TestMachine machine = new(0xE320F003, 0xEAFFFFFE); // wfi; b .
        machine.Peripherals.LaterAt = new VirtualInstant(1001);
        machine.Peripherals.RaisedLater = InterruptLines.Irq;
        Assert.Equal(CoreExitKind.LimitReached, machine.Core.RunUntil(new VirtualInstant(500)).Kind);
        Assert.True(machine.Core.Sleeping);
        Assert.Equal(500UL, machine.Core.Now.Cycles);
        machine.Core.RunUntil(new VirtualInstant(1002));
        Assert.False(machine.Core.Sleeping);
        Assert.Equal(1065UL, machine.Core.Now.Cycles);
    }
}
