using ActorTrace.Machine.Cpu;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>Cache maintenance, alignment by memory type, and what a hypervisor traps of coprocessors 14 and 15.</summary>
public class MaintenanceTests
{
    private const uint Table = TestMachine.Start + 0x10_0000;

    /// <summary>B3.12.3: they translate, but permissions and domains are none of theirs. DFSR: CM, WnR.</summary>
    [Theory]
    [InlineData(0xEE070F36, 0x0000_0000, 0x2805u)] // DCIMVAC, no mapping
    [InlineData(0xEE070F3A, 0x0000_0000, 0x2805u)] // DCCMVAC
    [InlineData(0xEE070F3B, 0x0000_0000, 0x2805u)] // DCCMVAU
    [InlineData(0xEE070F3E, 0x0000_0000, 0x2805u)] // DCCIMVAC
    [InlineData(0xEE070F35, 0x0000_0000, 0x2805u)] // ICIMVAU
    [InlineData(0xEE070FF5, 0x0000_0000, 0u)] // BPIMVA
    [InlineData(0xEE070F36, 0x0010_0000, 0u)] // read only
    [InlineData(0xEE070F36, 0x0020_0000, 0u)] // domain without access
    public void Cache_maintenance_of_an_address_must_find_a_translation(uint instruction, uint address, uint status)
    {
        TestMachine machine = Mapped();
        machine.Core[0] = address;
        machine.Core.ExecuteDisplaced(instruction);
        Assert.Equal(status, machine.Vcpu.Cp15.Dfsr);
        Assert.Equal(status == 0 ? 0b10011u : 0b10111u, machine.Core.Cpsr & 31);
    }

    [Fact]
    public void Cache_maintenance_with_the_mmu_off_never_faults()
    {
        TestMachine machine = Mapped();
        machine.Vcpu.Cp15.Sctlr &= ~1u;
        machine.Core[0] = 0x0F00_0000;
        machine.Core.ExecuteDisplaced(0xEE070F36);
        Assert.Equal(0b10011u, machine.Core.Cpsr & 31);
    }

    /// <summary>A3.2.1: with the Virtualization Extensions an unaligned access to device memory is an alignment fault.</summary>
    [Theory]
    [InlineData(0xE5912000, 0x0030_0001, 0u, 0u)] // ldr, normal memory
    [InlineData(0xE5912000, 0x0030_0FFE, 0u, 0u)] // ldr over the end of a page
    [InlineData(0xE5912000, 0x0040_0001, 0x021u, 0u)] // ldr, device: the domain is in DFSR too
    [InlineData(0xE5812000, 0x0040_0002, 0x821u, 0u)] // str, device
    [InlineData(0xE1D120B0, 0x0050_0001, 0x021u, 0u)] // ldrh, strongly-ordered
    [InlineData(0xE5912000, 0x003F_FFFE, 0x021u, 0u)] // ldr over the end of normal memory into device memory
    [InlineData(0xE5912000, 0x0030_0001, 0x021u, 2u)] // ldr, normal memory, SCTLR.A
    [InlineData(0xE5912000, 0x0040_0004, 0u, 2u)] // ldr, device, aligned
    public void An_unaligned_access_faults_by_memory_type(uint instruction, uint address, uint status, uint sctlr)
    {
        TestMachine machine = Mapped();
        machine.Vcpu.Cp15.Sctlr |= sctlr;
        for (int i = 0; i < 2; i++)
        {
            // The second time the translation is remembered.
            machine.Core.Cpsr = 0x1D3;
            machine.Core[1] = address;
            machine.Core.ExecuteDisplaced(instruction);
            Assert.Equal(status & ~0x20u, machine.Vcpu.Cp15.Dfsr);
            Assert.Equal(status == 0 ? 0u : address, machine.Vcpu.Cp15.Dfar);
        }
    }

    /// <summary>HSR of what HDCR.TDA, TDOSA and TDRA trap, and of the physical timer (B3.13.6).</summary>
    [Theory]
    [InlineData(0xEE103E10, true, 0x17E0_0061u)] // mrc p14, 0, r3, c0, c0, 0 (DBGDIDR)
    [InlineData(0xEE003E90, true, 0x17E8_0060u)] // mcr p14, 0, r3, c0, c0, 4 (DBGBVR0)
    [InlineData(0xEE013E90, true, 0x17E8_0460u)] // mcr p14, 0, r3, c1, c0, 4 (DBGOSLAR)
    [InlineData(0xEC543E01, true, 0x33E0_1063u)] // mrrc p14, 0, r3, r4, c1 (DBGDRAR)
    [InlineData(0xEED03E10, true, 0u)] // mrc p14, 6, r3, c0, c0, 0 (TEECR): not a debug register
    [InlineData(0xEE1E3F12, false, 0x0FE0_3865u)] // mrc p15, 0, r3, c14, c2, 0 (CNTP_TVAL)
    [InlineData(0xEE0E3F32, false, 0x0FE2_3864u)] // mcr p15, 0, r3, c14, c2, 1 (CNTP_CTL)
    [InlineData(0xEC543F0E, false, 0x13E0_107Du)] // mrrc p15, 0, r3, r4, c14 (CNTPCT)
    [InlineData(0xEC443F2E, false, 0x13E2_107Cu)] // mcrr p15, 2, r3, r4, c14 (CNTP_CVAL)
    [InlineData(0xEC543F1E, false, 0u)] // mrrc p15, 1, r3, r4, c14 (CNTVCT)
    [InlineData(0xEE1E3F13, false, 0u)] // mrc p15, 0, r3, c14, c3, 0 (CNTV_TVAL)
    public void What_a_hypervisor_keeps_for_itself_traps_with_its_syndrome(uint instruction, bool debug, uint syndrome)
    {
        TestMachine machine = new(instruction, 0xEAFFFFFE);
        (machine.Vcpu.Hyp.RouteDebug, machine.Vcpu.Hyp.TrapPhysicalTimer) = (debug, !debug);
        machine.Core[3] = 0x1234_5678;
        machine.Core[4] = 0x9ABC_DEF0;
        CoreExit exit = machine.Run(1);
        Assert.Equal($"{syndrome:x8}", $"{exit.Syndrome:x8}");
        if (syndrome == 0)
        {
            return;
        }

        Assert.Equal((CoreExitKind.SystemRegisterTrap, 0UL), (exit.Kind, machine.Core.Instructions));
        bool reads = (instruction & (1 << 20)) != 0;
        bool wide = (instruction & 0x0F00_0000) == 0x0C00_0000;
        Assert.Equal(reads ? 0 : wide ? 0x9ABC_DEF0_1234_5678 : 0x1234_5678, exit.Value);
        if (wide && reads)
        {
            machine.Core.CompleteEmulated64(0x2222_2222_1111_1111);
            Assert.Equal((0x1111_1111u, 0x2222_2222u), (machine.Core[3], machine.Core[4]));
        }
        else
        {
            machine.Core.CompleteEmulated(reads ? 0x1111_1111 : null);
            Assert.Equal(reads ? 0x1111_1111u : 0x1234_5678, machine.Core[3]);
        }

        Assert.Equal(TestMachine.Start + 4, machine.Core[15]);
    }

    [Theory]
    [InlineData(0xEE103E10, true)] // DBGDIDR
    [InlineData(0xEED03E10, false)] // TEECR
    [InlineData(0xEEC13E10, true)] // mcr TEEHBR
    [InlineData(0xEE103E90, false)] // DBGBVR0
    [InlineData(0xEE193F1D, false)] // PMCCNTR, PMUSERENR.EN clear
    [InlineData(0xEE193F1E, true)] // PMUSERENR
    [InlineData(0xEE093F1E, false)] // mcr PMUSERENR
    [InlineData(0xEE1D3F70, true)] // TPIDRURO
    [InlineData(0xEE0D3F70, false)] // mcr TPIDRURO
    [InlineData(0xEE103F10, false)] // MIDR
    [InlineData(0xEE073FBA, true)] // CP15DMB
    public void A_user_program_reaches_what_is_meant_for_it(uint instruction, bool allowed)
    {
        TestMachine machine = new(instruction);
        machine.Core.Cpsr = 0x10;
        machine.Core.ExecuteDisplaced(instruction);
        Assert.Equal(allowed ? 0b10000u : 0b11011u, machine.Core.Cpsr & 31);
    }

    /// <summary>Megabytes 1: read only, 2: domain 1 without access, 3: normal, 4: device, 5: strongly-ordered; 0 and the rest: none.</summary>
    private static TestMachine Mapped()
    {
        TestMachine machine = new(4 << 20, []);
        const uint Ram = TestMachine.Start + 0x20_0000;
        machine.Put(Table + 4, Ram | 0x9C02, Ram | 0xC22, Ram | 0x1C0E, Ram | 0xC06, Ram | 0xC02);
        (machine.Vcpu.Cp15.Ttbr0, machine.Vcpu.Cp15.Dacr) = (Table, 1);
        machine.Vcpu.Cp15.Sctlr |= 1;
        return machine;
    }
}
