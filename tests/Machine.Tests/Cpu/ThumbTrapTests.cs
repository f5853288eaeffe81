using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>What leaves T32 code for the hypervisor: HSR by ARM DDI 0406 B3.13.6, IL by the instruction's length.</summary>
public class ThumbTrapTests
{
    private const uint Target = 0x0A00_0010;

    /// <summary>ITSTATE of the last instruction of an IT block, for EQ.</summary>
    private const uint LastInside = 0x0000_0800;

    [Theory]
    [InlineData(0x6008, 0x9180_0046, 0x1234_5678u)] // str r0, [r1]
    [InlineData(0xF8C10000, 0x9380_0046, 0x1234_5678u)] // str.w r0, [r1]
    [InlineData(0x7008, 0x9100_0046, 0x78u)] // strb
    [InlineData(0x8008, 0x9140_0046, 0x5678u)] // strh
    [InlineData(0x6808, 0x9180_0006, 0u)] // ldr
    [InlineData(0xF9910000, 0x9320_0006, 0u)] // ldrsb.w
    [InlineData(0xF9B10000, 0x9360_0006, 0u)] // ldrsh.w
    [InlineData(0xF8510E00, 0x9380_0006, 0u)] // ldrt r0, [r1, #0]: valid, there is no writeback
    [InlineData(0xF8410B04, 0x9200_0046, 0u)] // str r0, [r1], #4: no ISV
    [InlineData(0xC101, 0x9000_0046, 0u)] // stm r1!, {r0}
    [InlineData(0xE8D1F002, 0x9200_0006, 0u)] // tbb [r1, r2]
    public void An_unmapped_access_leaves_with_the_syndrome_of_its_instruction(uint instruction, uint syndrome, uint value)
    {
        TestMachine machine = Guest(instruction);
        machine.Core[0] = 0x1234_5678;
        machine.Core[1] = Target;
        CoreExit exit = machine.Run(10);
        Assert.Equal(CoreExitKind.Stage2DataAbort, exit.Kind);
        Assert.Equal($"{syndrome:x8}", $"{exit.Syndrome:x8}");
        Assert.Equal(Target, exit.FaultIpa.Value);
        Assert.Equal(TestMachine.Start, exit.Pc.Value);
        Assert.True(value == 0 || exit.Value == value);
        machine.Core.CompleteEmulated((syndrome & 0x40) != 0 ? null : 0x8765_43A1);
        Assert.Equal(TestMachine.Start + ((syndrome & (1 << 25)) != 0 ? 4u : 2), machine.Core[15]);
        Assert.Equal(1UL, machine.Core.Instructions);
    }

    [Theory]
    [InlineData(0xF7E18234, CoreExitKind.Hypercall, 0x4A00_1234)] // hvc #0x1234
    [InlineData(0xBE12, CoreExitKind.DebugTrap, 0x8000_0022)] // bkpt
    [InlineData(0xBF30, CoreExitKind.WaitTrap, 0x05E0_0000)] // wfi
    [InlineData(0xBF20, CoreExitKind.WaitTrap, 0x05E0_0001)] // wfe
    [InlineData(0xEE023F10, CoreExitKind.SystemRegisterTrap, 0x0FE0_0860)] // mcr p15, 0, r3, c2, c0, 0
    public void What_the_hypervisor_traps_leaves_with_its_syndrome(uint instruction, CoreExitKind kind, uint syndrome)
    {
        TestMachine machine = Guest(instruction);
        HypControls hyp = machine.Vcpu.Hyp;
        (hyp.HypervisorPresent, hyp.TrapVm, hyp.TrapWait, hyp.RouteDebug) = (true, true, true, true);
        CoreExit exit = machine.Run(1);
        Assert.Equal((kind, $"{syndrome:x8}"), (exit.Kind, $"{exit.Syndrome:x8}"));
        Assert.Equal(TestMachine.Start, exit.Pc.Value);
        Assert.Equal(0UL, machine.Core.Instructions);
    }

    /// <summary>BKPT is met whatever the condition; HVC, MCR and loads only where it holds.</summary>
    [Theory]
    [InlineData(0xBE00, false, true)]
    [InlineData(0xBE00, true, true)]
    [InlineData(0xF7E18234, true, true)]
    [InlineData(0xF7E18234, false, false)]
    [InlineData(0xEE023F10, true, true)]
    [InlineData(0xEE023F10, false, false)]
    [InlineData(0x6808, true, true)]
    [InlineData(0x6808, false, false)]
    public void A_trap_in_an_it_block_keeps_its_itstate_until_it_is_emulated(uint instruction, bool holds, bool traps)
    {
        TestMachine machine = Guest(instruction);
        HypControls hyp = machine.Vcpu.Hyp;
        (hyp.HypervisorPresent, hyp.TrapVm, hyp.RouteDebug) = (true, true, true);
        machine.Core[1] = Target;
        machine.Core.Cpsr = (holds ? 0x4000_0000u : 0) | ThumbMachine.Thumb | LastInside | 0x1F;
        CoreExit exit = machine.Run(1);
        Assert.Equal(traps, exit.Kind != CoreExitKind.LimitReached);
        if (traps)
        {
            Assert.Equal(LastInside, machine.Core.Cpsr & 0x0600_FC00);
            bool conditional = exit.Kind == CoreExitKind.SystemRegisterTrap;
            Assert.True(!conditional || ((exit.Iss >> 20) & 15) == 0, "COND is the IT block's");
            machine.Core.CompleteEmulated(exit.Kind == CoreExitKind.Stage2DataAbort ? 5 : null);
        }

        Assert.Equal(0u, machine.Core.Cpsr & 0x0600_FC00);
        Assert.Equal(TestMachine.Start + (instruction > 0xFFFF ? 4u : 2), machine.Core[15]);
        Assert.Equal(1UL, machine.Core.Instructions);
    }

    [Fact]
    public void Hvc_of_user_mode_is_undefined()
    {
        TestMachine machine = Guest(0xF7E18234);
        machine.Vcpu.Hyp.HypervisorPresent = true;
        machine.Core.Cpsr = ThumbMachine.Thumb | 0x10;
        Assert.Null(machine.Core.ExecuteDisplaced(0xF7E18234));
        Assert.Equal(0b11011u, machine.Core.Cpsr & 31);
    }

    /// <summary>A guest with RAM mapped one to one and this one instruction at its start.</summary>
    private static TestMachine Guest(uint instruction)
    {
        TestMachine machine = instruction > 0xFFFF ? ThumbMachine.Of((ushort)(instruction >> 16), (ushort)instruction, 0xE7FE) : ThumbMachine.Of((ushort)instruction, 0xE7FE);
        RamRegion region = new(new Pa(0x6000_0000), 64 * 4096);
        Stage2Tables tables = new(region);
        tables.Map(new Ipa(0x2020_0000), new Pa(0), 0x1000, true, true, true);
        tables.Map(new Ipa(0), new Pa(0), 0x1000, true, true, true);
        tables.Map(new Ipa(TestMachine.Start), new Pa(TestMachine.Start), 1 << 20, true, true, false);
        machine.Core.Detach();
        (machine.Vcpu.Hyp.Vttbr, machine.Vcpu.Hyp.Vtcr, machine.Vcpu.Hyp.Stage2) = (tables.Vttbr, Stage2Tables.Vtcr, true);
        machine.Core.Attach(machine.Vcpu, new PhysicalMemory([machine.Ram, region]));
        return machine;
    }
}
