using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class ExceptionTests
{
    private const uint Vectors = TestMachine.Start + 0x1000;

    /// <summary>Vector, mode, LR, and masks by ARM DDI 0406 B1.8.3 to B1.9; the instruction is the first.</summary>
    [Theory]
    [InlineData(TestMachine.Udf, 0x04, 0b11011, 4, 0x80)]
    [InlineData(0xEF000001, 0x08, 0b10011, 4, 0x80)] // svc #1
    [InlineData(0xE1200070, 0x0C, 0b10111, 4, 0x180)] // bkpt
    [InlineData(0xE5910000, 0x10, 0b10111, 8, 0x180)] // ldr r0, [r1]: no RAM, no device
    [InlineData(0xE3A0F202, 0x0C, 0b10111, 4, 0x180)] // mov pc, #0x20000000: LR from there
    public void An_exception_enters_its_mode_at_its_vector(uint instruction, uint vector, uint mode, uint link, uint masks)
    {
        TestMachine machine = new(instruction);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Core.Cpsr = 0x6000_001F;
        machine.Core[1] = 0x2000_0000;
        machine.Core.ExecuteDisplaced(instruction);
        uint at = TestMachine.Start;
        if (machine.Core[15] == 0x2000_0000)
        {
            at = 0x2000_0000;
            machine.Put(Vectors + 0x0C, 0xE1A00000);
            machine.Run(1);
            Assert.Equal(Vectors + 0x10, machine.Core[15]);
        }
        else
        {
            Assert.Equal(Vectors + vector, machine.Core[15]);
        }

        Assert.Equal(0x6000_0000 | mode | masks, machine.Core.Cpsr);
        Assert.Equal(at + link, machine.Core[14]);
        machine.Core.ExecuteDisplaced(0xE14F0000); // mrs r0, spsr
        Assert.Equal(0x6000_001Fu, machine.Core[0]);
    }

    [Theory]
    [InlineData(InterruptLines.Irq, 0x18, 0b10010, 0x1C0 & ~0x40u)]
    [InlineData(InterruptLines.Fiq, 0x1C, 0b10001, 0x1C0)]
    [InlineData(InterruptLines.Irq | InterruptLines.Fiq, 0x1C, 0b10001, 0x1C0)]
    public void An_interrupt_is_taken_before_the_next_instruction(InterruptLines lines, uint vector, uint mode, uint masks)
    {
        TestMachine machine = new(0xE1A00000);
        machine.Put(Vectors, 0, 0, 0, 0, 0, 0, 0xE1A00000, 0xE1A00000);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Core.Cpsr = 0x13;
        machine.Peripherals.Raised = lines;
        Assert.True(machine.Core.InterruptDeliverable);
        machine.Run(1);
        Assert.Equal(Vectors + vector + 4, machine.Core[15]);
        Assert.Equal(mode | masks, machine.Core.Cpsr);
        Assert.Equal(TestMachine.Start + 4, machine.Core[14]);
        Assert.Equal(1UL, machine.Core.Instructions);
    }

    [Fact]
    public void A_masked_interrupt_waits_until_the_mask_is_lifted()
    {
        TestMachine machine = new(0xE1A00000, 0xF1080080, 0xE1A00000); // nop; cpsie i; nop
        machine.Put(Vectors, 0, 0, 0, 0, 0, 0, 0xE1A00000);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Peripherals.Raised = InterruptLines.Irq;
        machine.Run(3);
        Assert.Equal(Vectors + 0x1C, machine.Core[15]);
        Assert.Equal(TestMachine.Start + 8 + 4, machine.Core[14]);
    }

    [Fact]
    public void An_interrupt_cuts_a_block_at_the_exact_instruction()
    {
        uint[] nops = new uint[64];
        Array.Fill(nops, 0xE1A00000u);
        TestMachine machine = new(nops);
        machine.Put(Vectors, 0, 0, 0, 0, 0, 0, 0xEAFFFFFE);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Core.Cpsr = 0x13;
        machine.Peripherals.LaterAt = new VirtualInstant((10 * 64) + 1);
        machine.Peripherals.RaisedLater = InterruptLines.Irq;
        machine.Run(20);
        Assert.Equal(TestMachine.Start + (11 * 4) + 4, machine.Core[14]);
    }

    [Fact]
    public void High_vectors_are_where_sctlr_v_puts_them()
    {
        TestMachine machine = new(TestMachine.Udf);
        machine.Vcpu.Cp15.Sctlr |= 1 << 13;
        machine.Core.ExecuteDisplaced(TestMachine.Udf);
        Assert.Equal(0xFFFF_0004u, machine.Core[15]);
    }

    [Theory]
    [InlineData(0xE5910000, 0x2000_0001, true, 0x001)] // ldr unaligned with SCTLR.A
    [InlineData(0xE8910003, 0x4000_0002, false, 0x001)] // ldm unaligned, never allowed
    [InlineData(0xE1C120F0, 0x4000_0002, false, 0x801)] // strd unaligned
    [InlineData(0xE1910F9F, 0x4000_0001, false, 0x001)] // ldrex unaligned
    [InlineData(0xE5812000, 0x2000_0000, false, 0x808)] // str to nowhere
    public void A_data_abort_says_why_and_where(uint instruction, uint address, bool strict, uint status)
    {
        TestMachine machine = new(instruction);
        machine.Vcpu.Cp15.Sctlr |= strict ? 2u : 0;
        machine.Core[1] = address;
        machine.Core.ExecuteDisplaced(instruction);
        Assert.Equal(0b10111u, machine.Core.Cpsr & 31);
        Assert.Equal(status, machine.Vcpu.Cp15.Dfsr);
        Assert.Equal(address, machine.Vcpu.Cp15.Dfar);
    }

    [Fact]
    public void Stores_over_code_ahead_are_executed()
    {
        // ldr r0, [pc, #8]; str r0, [pc, #-4] (over the nop after it); nop; b .; .word mov r5, #7
        TestMachine machine = new(0xE59F0008, 0xE50F0004, 0xE1A00000, 0xEAFFFFFE, 0xE3A05007);
        machine.Core[15] = TestMachine.Start;
        machine.Run(4);
        Assert.Equal(7u, machine.Core[5]);
    }

    [Fact]
    public void A_gate_stops_before_its_instruction()
    {
        TestMachine machine = new(0xE1A00000, 0xE3A00001, 0xEA000000, 0, 0xE3A00002, 0xEAFFFFFE);
        machine.Core.SetGates([TestMachine.Start + 16]);
        CoreExit exit = machine.Run(100);
        Assert.Equal(CoreExitKind.Gate, exit.Kind);
        Assert.Equal(TestMachine.Start + 16, exit.Pc.Value);
        Assert.Equal(1u, machine.Core[0]);
        Assert.Equal(3UL, machine.Core.Instructions);
        Assert.Equal(CoreExitKind.Gate, machine.Run(100).Kind);
        machine.Core.SetGates([]);
        machine.Run(1);
        Assert.Equal(2u, machine.Core[0]);
    }
}
