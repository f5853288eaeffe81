using ActorTrace.Machine.Cpu;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>Exceptions out of T32 code, by ARM DDI 0406 B1.8.3 to B1.9 and B1.8.13.</summary>
public class ThumbExceptionTests
{
    private const uint Vectors = TestMachine.Start + 0x1000;
    private const uint System = 0b11111;

    /// <summary>ITSTATE of an IT block whose second of two instructions is next: EQ, and the first was ELSE.</summary>
    private const uint LastOfTwo = 0x0000_0800;

    [Theory]
    [InlineData(0xDE00, 0x04, 0b11011, 2, 0x80)] // udf
    [InlineData(0xF7F0A000, 0x04, 0b11011, 2, 0x80)] // udf.w
    [InlineData(0xF7F08000, 0x04, 0b11011, 2, 0x80)] // smc: there is no secure world
    [InlineData(0xDF01, 0x08, 0b10011, 2, 0x80)] // svc
    [InlineData(0xBE12, 0x0C, 0b10111, 4, 0x180)] // bkpt
    [InlineData(0x6808, 0x10, 0b10111, 8, 0x180)] // ldr r0, [r1]: no RAM, no device
    [InlineData(0xF8C12000, 0x10, 0b10111, 8, 0x180)] // str.w r2, [r1]
    public void An_exception_enters_a32_at_its_vector(uint instruction, uint vector, uint mode, uint link, uint masks)
    {
        TestMachine machine = ThumbMachine.Of();
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Core.Cpsr = 0x6000_0000 | ThumbMachine.Thumb | System;
        machine.Core[1] = 0x2000_0000;
        Assert.Null(machine.Core.ExecuteDisplaced(instruction));
        Assert.Equal(Vectors + vector, machine.Core[15]);
        Assert.Equal(0x6000_0000 | mode | masks, machine.Core.Cpsr);
        Assert.Equal(TestMachine.Start + link, machine.Core[14]);
        Assert.Equal(0x6000_0000 | ThumbMachine.Thumb | System, SavedStatus(machine));
    }

    /// <summary>SVC has ITSTATE advanced for the instruction after it, the others leave it for the same instruction.</summary>
    [Theory]
    [InlineData(0xDE00, LastOfTwo)]
    [InlineData(0xBE00, LastOfTwo)]
    [InlineData(0x6808, LastOfTwo)]
    [InlineData(0xDF01, 0)]
    public void An_exception_in_an_it_block_saves_the_itstate_of_its_return(uint instruction, uint ifThen)
    {
        TestMachine machine = ThumbMachine.Of();
        machine.Core.Cpsr = 0x4000_0000 | ThumbMachine.Thumb | System | LastOfTwo;
        machine.Core[1] = 0x2000_0000;
        machine.Core.ExecuteDisplaced(instruction);
        Assert.Equal(0u, machine.Core.Cpsr & (0x0600_FC00 | ThumbMachine.Thumb));
        Assert.Equal(0x4000_0000 | ThumbMachine.Thumb | System | ifThen, SavedStatus(machine));
    }

    [Fact]
    public void Sctlr_te_and_ee_choose_the_state_of_the_handler()
    {
        TestMachine machine = ThumbMachine.Of(0xDF01);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Vcpu.Cp15.Sctlr |= (1 << 30) | (1 << 25);
        ThumbMachine.Put(machine, Vectors + 8, 0x2007); // movs r0, #7
        machine.Run(2);
        Assert.Equal(7u, machine.Core[0]);
        Assert.Equal(Vectors + 10, machine.Core[15]);
        Assert.Equal(ThumbMachine.Thumb | 0x200, machine.Core.Cpsr & (ThumbMachine.Thumb | 0x200));
    }

    /// <summary>itte eq; adds r0, #1; adds r1, #1; adds r2, #1 with an interrupt before each: it returns into the block.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void An_interrupt_within_an_it_block_returns_into_it(int after)
    {
        TestMachine machine = ThumbMachine.Of(0xBF06, 0x3001, 0x3101, 0x3201, 0xE7FE);
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Put(Vectors + 0x18, 0xE25EF004); // subs pc, lr, #4
        machine.Core.Cpsr = 0x4000_0000 | ThumbMachine.Thumb | System;
        machine.Run((ulong)after);
        machine.Peripherals.Raised = InterruptLines.Irq;
        machine.Run(0);
        machine.Core.RunUntil(machine.Core.Now + 1);
        machine.Peripherals.Raised = InterruptLines.None;
        Assert.Equal(0x4000_0000 | ThumbMachine.Thumb | System, machine.Core.Cpsr & 0xF000_003F);
        machine.Run(4);
        Assert.Equal((1u, 1u, 0u), (machine.Core[0], machine.Core[1], machine.Core[2]));
        Assert.Equal(TestMachine.Start + 8, machine.Core[15]);
    }

    /// <summary>The instruction begins in the last halfword of RAM; IFAR is where the second halfword would be.</summary>
    [Fact]
    public void An_instruction_whose_second_half_cannot_be_fetched_aborts_there()
    {
        const uint last = TestMachine.Start + (1 << 20) - 2;
        TestMachine machine = ThumbMachine.Of();
        machine.Vcpu.Cp15.Vbar = Vectors;
        machine.Put(Vectors + 0x0C, 0xEAFFFFFE);
        ThumbMachine.Put(machine, last, 0xF241); // movw
        machine.Core[15] = last;
        machine.Run(1);
        Assert.Equal(Vectors + 0x0C, machine.Core[15]);
        Assert.Equal(last + 4, machine.Core[14]);
        Assert.Equal(last + 2, machine.Vcpu.Cp15.Ifar);
        Assert.Equal(0x08u, machine.Vcpu.Cp15.Ifsr);
    }

    private static uint SavedStatus(TestMachine machine)
    {
        machine.Core.Cpsr &= ~ThumbMachine.Thumb;
        machine.Core.ExecuteDisplaced(0xE14F0000); // mrs r0, spsr
        return machine.Core[0];
    }
}
