using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Tests.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

public class Stage2Tests
{
    private const uint Target = 0x0A00_0010;

    /// <summary>HSR of a store or load to an address that stage 2 does not map: EC 0x24, IL, ISS (ARM DDI 0406 B3.13.6).</summary>
    [Theory]
    [InlineData(0xE5812000, 0x9382_0046, 0x1234_5678u)] // str r2, [r1]: ISV, word, Rt 2, WnR, translation fault level 2
    [InlineData(0xE5C12000, 0x9302_0046, 0x78u)] // strb
    [InlineData(0xE1C120B0, 0x9342_0046, 0x5678u)] // strh
    [InlineData(0xE5912000, 0x9382_0006, 0u)] // ldr
    [InlineData(0xE1D120D0, 0x9322_0006, 0u)] // ldrsb
    [InlineData(0xE1D120F0, 0x9362_0006, 0u)] // ldrsh
    [InlineData(0xE4812004, 0x9200_0046, 0u)] // str with writeback: no ISV
    [InlineData(0xE8812004, 0x9200_0046, 0u)] // stm
    public void An_unmapped_access_leaves_with_the_syndrome_of_its_instruction(uint instruction, uint syndrome, uint value)
    {
        TestMachine machine = Guest(instruction, 0xEAFFFFFE);
        machine.Core[1] = Target;
        machine.Core[2] = 0x1234_5678;
        CoreExit exit = machine.Run(10);
        Assert.Equal(CoreExitKind.Stage2DataAbort, exit.Kind);
        Assert.Equal($"{syndrome:x8}", $"{exit.Syndrome:x8}");
        Assert.Equal(Target, exit.FaultIpa.Value);
        Assert.Equal(Target, exit.FaultVa.Value);
        Assert.Equal(TestMachine.Start, exit.Pc.Value);
        Assert.Equal(0UL, machine.Core.Instructions);
        if (value != 0)
        {
            Assert.Equal(value, exit.Value);
        }
    }

    [Theory]
    [InlineData(0xE5912000, 0x8765_4321u, 0x8765_4321u)]
    [InlineData(0xE5D12000, 0x8765_43A1u, 0xA1u)]
    [InlineData(0xE1D120D0, 0xA1u, 0xFFFF_FFA1u)]
    [InlineData(0xE1D120F0, 0x8001u, 0xFFFF_8001u)]
    public void An_emulated_load_is_extended_and_charged(uint instruction, uint value, uint expected)
    {
        TestMachine machine = Guest(instruction, 0xEAFFFFFE);
        machine.Core[1] = Target;
        machine.Run(10);
        machine.Core.CompleteEmulated(value);
        Assert.Equal(expected, machine.Core[2]);
        Assert.Equal(TestMachine.Start + 4, machine.Core[15]);
        Assert.Equal(64UL, machine.Core.Now.Cycles);
        Assert.Equal(1UL, machine.Core.Instructions);
    }

    [Fact]
    public void A_fetch_from_unmapped_memory_is_a_stage_2_prefetch_abort()
    {
        TestMachine machine = Guest(0xE3A0F202); // mov pc, #0x20000000
        CoreExit exit = machine.Run(10);
        Assert.Equal(CoreExitKind.Stage2PrefetchAbort, exit.Kind);
        Assert.Equal(0x8200_0006u, exit.Syndrome);
        Assert.Equal(0x2000_0000UL, exit.FaultIpa.Value);
    }

    [Fact]
    public void A_store_to_a_read_only_page_is_a_permission_fault_of_level_3()
    {
        TestMachine machine = Guest(0xE5812000);
        machine.Core[1] = 0x5000_0000;
        CoreExit exit = machine.Run(10);
        Assert.Equal(0b001111u, exit.Iss & 0x3F);
        Assert.Equal(0x5000_0000UL, exit.FaultIpa.Value);
    }

    [Fact]
    public void A_stage_1_descriptor_in_unmapped_memory_faults_as_S1PTW()
    {
        TestMachine machine = Guest(0xE5912000);
        machine.Vcpu.Cp15.Ttbr0 = 0x3000_0000;
        machine.Vcpu.Cp15.Sctlr |= 1;
        machine.Core.InvalidateTlb();
        CoreExit exit = machine.Run(10);
        Assert.Equal(CoreExitKind.Stage2PrefetchAbort, exit.Kind);
        Assert.Equal(1u, (exit.Iss >> 7) & 1);
        Assert.Equal(0x3000_1000UL, exit.FaultIpa.Value);
    }

    [Theory]
    [InlineData(0xE1401072, 0x4A00_0102)] // hvc #0x102
    [InlineData(0xE320F003, 0x07E0_0000)] // wfi
    [InlineData(0xEE013F10, 0x0FE0_0460)] // mcr p15, 0, r3, c1, c0, 0
    [InlineData(0xEC543F02, 0)] // mrrc p15, 0, r3, r4, c2: reads do not trap
    [InlineData(0xEC443F02, 0x13E0_1064)] // mcrr p15, 0, r3, r4, c2
    public void What_the_hypervisor_traps_leaves_with_its_syndrome(uint instruction, uint syndrome)
    {
        TestMachine machine = Guest(instruction, 0xEAFFFFFE);
        HypControls hyp = machine.Vcpu.Hyp;
        (hyp.HypervisorPresent, hyp.TrapVm, hyp.TrapWait) = (true, true, true);
        machine.Core[3] = 7;
        CoreExit exit = machine.Run(1);
        Assert.Equal($"{syndrome:x8}", $"{exit.Syndrome:x8}");
        if (syndrome != 0)
        {
            Assert.Equal(0UL, machine.Core.Instructions);
            machine.Core.CompleteEmulated(null);
            Assert.Equal(TestMachine.Start + 4, machine.Core[15]);
        }
    }

    [Fact]
    public void Physical_interrupts_leave_for_the_hypervisor_whatever_the_mask_and_virtual_ones_are_the_guests()
    {
        TestMachine machine = Guest(0xE1A00000);
        machine.Vcpu.Hyp.RouteIrq = true;
        machine.Peripherals.Raised = InterruptLines.Irq;
        Assert.Equal(CoreExitKind.PhysicalInterrupt, machine.Run(1).Kind);
        machine.Peripherals.Raised = InterruptLines.VirtualIrq;
        machine.Core.Cpsr = 0x13;
        machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x100;
        machine.Run(1);
        Assert.Equal(0b10010u, machine.Core.Cpsr & 31);
    }

    [Fact]
    public void Blocks_of_every_size_translate_to_what_was_mapped()
    {
        RamRegion region = new(new Pa(0x1_0000_0000), 64 * 4096);
        Stage2Tables tables = new(region);
        tables.Map(new Ipa(0x4000_0000), new Pa(0x8000_0000), 0x4000_0000, true, true, false);
        tables.Map(new Ipa(0x1020_0000), new Pa(0x2_0040_0000), 0x20_0000, false, true, false);
        tables.Map(new Ipa(0x0801_0000), new Pa(0x1048_6000), 0x2000, true, false, true);
        HypControls hyp = new() { Stage2 = true, Vttbr = tables.Vttbr, Vtcr = Stage2Tables.Vtcr };
        PhysicalMemory memory = new([region]);
        Check(0x4123_4567, 0x8123_4567, 1, true, true);
        Check(0x1021_2344, 0x2_0041_2344, 2, false, true);
        Check(0x0801_1004, 0x1048_7004, 3, true, false);
        Assert.Equal(0b000110u, Stage2Walk.Translate(hyp, memory, new Ipa(0x1040_0000)).FaultStatus);
        Assert.Equal(0b000111u, Stage2Walk.Translate(hyp, memory, new Ipa(0x0801_2000)).FaultStatus);
        Assert.Equal(0b000101u, Stage2Walk.Translate(hyp, memory, new Ipa(0xC000_0000)).FaultStatus);
        Assert.Throws<ArgumentException>(() => tables.Map(new Ipa(0x4000_0000), new Pa(0), 4096, true, true, false));

        void Check(ulong ipa, ulong pa, int level, bool writable, bool executable)
        {
            Stage2Result found = Stage2Walk.Translate(hyp, memory, new Ipa(ipa));
            Assert.Equal((true, pa, level, level, writable, executable), (found.IsMapped, found.Pa.Value, found.Level, found.DescriptorReads, found.Writable, found.Executable));
        }
    }

    /// <summary>A guest with RAM mapped one to one, and a read-only page at 0x50000000.</summary>
    private static TestMachine Guest(params ReadOnlySpan<uint> code)
    {
        TestMachine machine = new(4 << 20, code);
        RamRegion region = new(new Pa(0x6000_0000), 64 * 4096);
        Stage2Tables tables = new(region);
        tables.Map(new Ipa(0), new Pa(0), 0x1000, true, true, true);
        tables.Map(new Ipa(0x2020_0000), new Pa(0), 0x1000, true, true, true);
        tables.Map(new Ipa(0x3020_0000), new Pa(0), 0x1000, true, true, true);
        tables.Map(new Ipa(TestMachine.Start), new Pa(TestMachine.Start), 4 << 20, true, true, false);
        tables.Map(new Ipa(0x5000_0000), new Pa(TestMachine.Start), 0x1000, false, true, false);
        machine.Core.Detach();
        (machine.Vcpu.Hyp.Vttbr, machine.Vcpu.Hyp.Vtcr, machine.Vcpu.Hyp.Stage2) = (tables.Vttbr, Stage2Tables.Vtcr, true);
        machine.Core.Attach(machine.Vcpu, new PhysicalMemory([machine.Ram, region]));
        return machine;
    }
}
