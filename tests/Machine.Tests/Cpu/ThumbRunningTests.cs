using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class ThumbRunningTests
{
    private const uint IfThenBits = 0x0600_FC00;

    /// <summary>itete eq; movs r0, #1; adds r1, #1; addw r2, r2, #2; adds r3, #3; b .</summary>
    private static readonly ushort[] FourInside = [0xBF0B, 0x2001, 0x3101, 0xF202, 0x0202, 0x3303, 0xE7FE];

    [Theory]
    [InlineData(0x4000_0000, 1, 0, 2, 0)]
    [InlineData(0, 0, 1, 0, 3)]
    public void Each_stop_in_an_it_block_shows_its_itstate_and_half_of_it_is_skipped(uint flags, uint r0, uint r1, uint r2, uint r3)
    {
        // ITSTATE after itete eq is 0x0B; each instruction moves the lower five bits up; the address is of the next.
        (uint Offset, uint IfThen)[] stops = [(2, 0x0B), (4, 0x16), (6, 0x0C), (10, 0x18), (12, 0), (12, 0)];
        TestMachine machine = ThumbMachine.Of(FourInside);
        machine.Core.Cpsr = flags | ThumbMachine.Thumb | 0x1F;
        for (int i = 0; i < stops.Length; i++)
        {
            machine.Run(1);
            uint psr = ((stops[i].IfThen & 0xFC) << 8) | ((stops[i].IfThen & 3) << 25);
            Assert.Equal($"{TestMachine.Start + stops[i].Offset:x} {psr:x}", $"{machine.Core[15]:x} {machine.Core.Cpsr & IfThenBits:x}");
            Assert.Equal((ulong)i + 1, machine.Core.Instructions);
        }

        Assert.Equal((r0, r1, r2, r3), (machine.Core[0], machine.Core[1], machine.Core[2], machine.Core[3]));
        Assert.Equal(flags, machine.Core.Cpsr & 0xF000_0000); // nothing in the block sets flags
    }

    [Fact]
    public void An_it_block_and_an_instruction_may_lie_across_a_page_end()
    {
        for (uint before = 2; before <= 12; before += 2)
        {
            TestMachine machine = ThumbMachine.Of();
            machine.Core.Cpsr = 0x4000_0000 | ThumbMachine.Thumb | 0x1F;
            ThumbMachine.Put(machine, TestMachine.Start + 0x1000 - before, FourInside);
            machine.Core[15] = TestMachine.Start + 0x1000 - before;
            machine.Run(6);
            Assert.Equal((1u, 0u, 2u, 0u), (machine.Core[0], machine.Core[1], machine.Core[2], machine.Core[3]));
            Assert.Equal(TestMachine.Start + 0x1000 - before + 12, machine.Core[15]);
        }
    }

    /// <summary>The target is in A32 state where bit 0 is 0; only MOV and ADD to the PC stay in T32.</summary>
    [Theory]
    [InlineData(0x4700, 0x100, 0)] // bx r0
    [InlineData(0x4780, 0x100, 0)] // blx r0
    [InlineData(0x4687, 0x100, 1)] // mov pc, r0
    [InlineData(0xBD00, 0x100, 0)] // pop {pc}
    [InlineData(0xF8D1F000, 0x100, 0)] // ldr.w pc, [r1]
    [InlineData(0xE8B18001, 0x100, 0)] // ldmia.w r1!, {r0, pc}
    [InlineData(0x4700, 0x101, 1)]
    [InlineData(0xBD00, 0x101, 1)]
    [InlineData(0xF8D1F000, 0x101, 1)]
    public void Branches_change_state_by_bit_0(uint instruction, uint target, uint thumb)
    {
        TestMachine machine = ThumbMachine.Of();
        machine.Core[0] = TestMachine.Start + target;
        machine.Core[1] = machine.Core[13] = TestMachine.Start + 0x2000;
        machine.Put(TestMachine.Start + 0x2000, TestMachine.Start + target, TestMachine.Start + target);
        machine.Core.ExecuteDisplaced(instruction);
        Assert.Equal(TestMachine.Start + 0x100, machine.Core[15]);
        Assert.Equal(thumb, (machine.Core.Cpsr >> 5) & 1);
        Assert.Equal(instruction == 0x4780 ? TestMachine.Start + 3 : 0u, machine.Core[14]);
    }

    [Fact]
    public void The_same_words_may_run_in_both_states()
    {
        // A32: mov r0, r1; bx lr. T32: lsls r1, r0, #0; b.n back over it and out by bx lr.
        TestMachine machine = new(0xE1A00001, 0xE12FFF1E);
        machine.Core[1] = 5;
        machine.Core[14] = TestMachine.Start + 0x101;
        ThumbMachine.Put(machine, TestMachine.Start + 0x100, 0x4900, 0x4708, 0x0000, 0x4000); // ldr r1, [pc, #0]; bx r1; .word Start
        for (int i = 0; i < 3; i++)
        {
            machine.Run(4);
            Assert.Equal(TestMachine.Start, machine.Core[15]);
            Assert.Equal(0u, machine.Core.Cpsr & ThumbMachine.Thumb);
        }

        Assert.Equal(TestMachine.Start, machine.Core[0]);
        ThumbMachine.Put(machine, TestMachine.Start + 0x200, 0x2001, 0xE1A0); // movs r0, #1; b to before
        machine.Core[15] = TestMachine.Start + 2;
        machine.Core.Cpsr |= ThumbMachine.Thumb;
        machine.Run(1); // 0xE1A0 as T32: b
        Assert.Equal(TestMachine.Start + 2 + 4 + 0x340, machine.Core[15]);
    }

    [Fact]
    public void A_table_branch_goes_forward_by_twice_its_entry()
    {
        // tbb [pc, r0]; .byte 2, 3; nop; movs r1, #1 (entry 2); movs r2, #2 (entry 3)
        TestMachine machine = ThumbMachine.Of(0xE8DF, 0xF000, 0x0302, 0xBF00, 0x2101, 0x2202);
        machine.Core[0] = 1;
        machine.Run(2);
        Assert.Equal((0u, 2u), (machine.Core[1], machine.Core[2]));

        // tbh [pc, r0, lsl #1]; .short 1, 3; movs r1, #1; nop; movs r2, #2
        machine = ThumbMachine.Of(0xE8DF, 0xF010, 0x0002, 0x0004, 0x2101, 0xBF00, 0x2202);
        machine.Core[0] = 1;
        machine.Run(2);
        Assert.Equal((0u, 2u), (machine.Core[1], machine.Core[2]));
    }

    [Fact]
    public void Stores_over_one_halfword_ahead_are_executed()
    {
        // strh r0, [r1]; movs r2, #1 (to become movs r2, #7); b .
        TestMachine machine = ThumbMachine.Of(0x8008, 0x2201, 0xE7FE);
        machine.Core[0] = 0x2207;
        machine.Core[1] = TestMachine.Start + 2;
        machine.Run(2);
        Assert.Equal(7u, machine.Core[2]);
        machine.Core[0] = 0x2209;
        machine.Core[15] = TestMachine.Start;
        machine.Run(2);
        Assert.Equal(9u, machine.Core[2]);
    }

    [Fact]
    public void A_gate_may_stand_at_a_halfword()
    {
        TestMachine machine = ThumbMachine.Of(0x2001, 0xBF08, 0x2102, 0x2203); // movs r0, #1; it eq; movs r1, #2; movs r2, #3
        foreach (uint gate in new uint[] { 2, 4, 6 })
        {
            machine.Core[15] = TestMachine.Start;
            machine.Core.Cpsr = 0x4000_003F;
            machine.Core.SetGates([TestMachine.Start + gate]);
            CoreExit exit = machine.Run(10);
            Assert.Equal(CoreExitKind.Gate, exit.Kind);
            Assert.Equal(TestMachine.Start + gate, exit.Pc.Value);
        }
    }

    [Fact]
    public void Wfe_sleeps_until_an_event_or_an_interrupt_that_is_not_masked()
    {
        TestMachine machine = ThumbMachine.Of(0xBF40, 0xBF20, 0xBF20, 0x2001, 0xE7FE); // sev; wfe; wfe; movs r0, #1; b .
        machine.Peripherals.Raised = InterruptLines.Irq; // masked after reset
        machine.Run(5);
        Assert.True(machine.Core.Sleeping);
        Assert.Equal(3UL, machine.Core.Instructions);
        Assert.Equal(TestMachine.Start + 6, machine.Core[15]);
        Assert.Equal(1UL * TestPeripherals.Rates.CyclesPerInstruction, Assert.Single(machine.Peripherals.Events));
        machine.Vcpu.SignalEvent();
        Assert.False(machine.Core.Sleeping);
        machine.Run(1);
        Assert.Equal(1u, machine.Core[0]);

        machine.Core[15] = TestMachine.Start + 2;
        machine.Run(2);
        Assert.True(machine.Core.Sleeping);
        machine.Core.Cpsr &= ~0x80u;
        machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x1000;
        machine.Put(TestMachine.Start + 0x1018, 0xEAFFFFFE);
        machine.Run(1);
        Assert.Equal(TestMachine.Start + 6 + 4, machine.Core[14]);
    }

    [Fact]
    public void A_device_sees_the_instant_at_which_a_store_in_an_it_block_completes()
    {
        TestMachine machine = ThumbMachine.Of(0xBF06, 0x2001, 0x6008, 0x6048); // itte eq; movs r0, #1; str r0, [r1]; str r0, [r1, #4]
        machine.Core[1] = (uint)TestPeripherals.Device;
        machine.Core.Cpsr |= 0x4000_0000;
        machine.Run(4);
        Assert.Equal((TestPeripherals.Device, 4, 1u, 3UL * 64), Assert.Single(machine.Peripherals.Written));
        Assert.Equal(0u, machine.Core.Cpsr & IfThenBits);
        Assert.Equal(new VirtualInstant(4 * 64), machine.Core.Now);
    }
}
