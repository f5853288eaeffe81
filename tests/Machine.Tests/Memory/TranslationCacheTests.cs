using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Tests.Cpu;
using ActorTrace.Machine.Values;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>Remembered translations: whatever a guest does, with the TLB maintenance that the manual demands it sees its tables (B3.10).</summary>
public class TranslationCacheTests
{
    private const uint Load = 0xE5912000; // ldr r2, [r1]
    private const uint Store = 0xE5812000; // str r2, [r1]
    private const uint SetTtbr0 = 0xEE020F10;
    private const uint SetContext = 0xEE0D0F30;
    private const uint SetDomains = 0xEE030F10;
    private const uint TlbiAll = 0xEE080F17;
    private const uint TlbiAddress = 0xEE080F37;
    private const uint TlbiAsid = 0xEE080F57;
    private const uint TlbiAllAsids = 0xEE080F77;
    private const uint InnerShareable = 4; // c3 in place of c7
    private const uint Tables = TestMachine.Start + 0x10_0000;
    private const uint Frames = TestMachine.Start + 0x20_0000;
    private const int Spaces = 12;

    private enum Step
    {
        Access,
        Switch,
        Remap,
        Revoke,
    }

    /// <summary>Pages, a large page, sections and a supersection at these addresses, private to a space or global.</summary>
    private static readonly uint[] Addresses = [0x0010_0000, 0x0010_1000, 0x0010_2000, 0x0011_0000, 0x0020_0000, 0x0030_0000, 0x1000_0000, 0x10A0_0000];

    [Fact]
    public void A_guest_that_maintains_its_tlb_always_sees_its_tables() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Frequency((4, Gen.Int[0, 2]), (1, Gen.Int[0, Spaces - 1])), Gen.Int[0, Addresses.Length - 1], Gen.Int[0, 7], Gen.UInt[0, 0xFFF])
            .Array[200].Sample(Run, iter: 60);

    private static void Run((Step Step, int Space, int Address, int How, uint Noise)[] steps)
    {
        (TestMachine machine, _) = Guest();
        Switch(machine, 0);
        int current = 0;
        foreach ((Step step, int space, int number, int how, uint noise) in steps)
        {
            uint va = Addresses[number] + (number >= 3 ? (noise & 15) << 12 : 0) + (noise & 0xFFC);
            switch (step)
            {
                case Step.Switch:
                    current = space;
                    Switch(machine, space);
                    break;
                case Step.Remap:
                    // Seen before and after, while another space is in use when it happens.
                    Switch(machine, space);
                    Check(machine, space, va, (how & 1) != 0);
                    Switch(machine, current);
                    Map(machine, space, number, noise >> 4);
                    Forget(machine, va ^ (number >= 6 ? 0x5F_F000u : number >= 4 ? 0xF_F000u : number == 3 ? 0xF000u : 0), space, how);
                    Switch(machine, space);
                    Check(machine, space, va, (how & 1) != 0);
                    Switch(machine, current);
                    break;
                case Step.Revoke:
                    // DACR needs no maintenance: the domain is remembered, not what DACR says of it.
                    Execute(machine, SetDomains, (how & 1) != 0 ? 0u : 1u);
                    break;
                default:
                    Check(machine, current, va, (how & 1) != 0);
                    break;
            }
        }
    }

    /// <summary>One of the operations that reach the mapping; those for one ASID where it is not global.</summary>
    private static void Forget(TestMachine machine, uint va, int space, int how)
    {
        uint broadcast = (how & 4) != 0 ? InnerShareable : 0;
        (uint instruction, uint operand) = (how & 3) switch
        {
            0 => (TlbiAll, 0u),
            1 => (TlbiAsid, (uint)space),
            2 => (TlbiAddress, (va & ~0xFFFu) | (uint)space),
            _ => (TlbiAllAsids, va & ~0xFFFu),
        };
        Execute(machine, instruction - broadcast, operand);
    }

    private static void Check(TestMachine machine, int space, uint va, bool write)
    {
        Stage1Result walked = Stage1Walk.Check(
            machine.Vcpu.Cp15, Stage1Walk.Translate(machine.Vcpu, machine.Memory, new GuestVa(va)), write ? MemoryAccess.Write : MemoryAccess.Read, true);
        machine.Vcpu.Cp15.Dfsr = 0;
        machine.Core[1] = va;
        machine.Core[2] = va ^ (uint)space;
        machine.Core.Cpsr = 0x1D3;
        machine.Core.ExecuteDisplaced(write ? Store : Load);
        if (!walked.IsMapped)
        {
            Assert.Equal(walked.Fault.Short, machine.Vcpu.Cp15.Dfsr & 15);
            return;
        }

        Assert.Equal(0u, machine.Vcpu.Cp15.Dfsr);
        Assert.Equal(machine.Word((uint)walked.Ipa.Value), machine.Core[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Maintenance_for_the_inner_shareable_domain_reaches_the_other_processors(int how)
    {
        (TestMachine machine, VcpuContext other) = Guest();
        Core second = new(new CoreId(1), TestPeripherals.Rates, new TestPeripherals());
        second.Attach(other, machine.Memory);
        Switch(machine, 0);
        second[1] = Addresses[0];
        second.ExecuteDisplaced(Load);
        uint before = second[2];
        Map(machine, 0, 0, 0x77);
        Forget(machine, Addresses[0], 0, how | 4);
        second.ExecuteDisplaced(Load);
        Assert.NotEqual(before, second[2]);
        Assert.Equal(machine.Word(Frames + (0x77 << 12)), second[2]);
    }

    [Fact]
    public void Two_guests_on_one_core_never_see_each_others_translations()
    {
        TestMachine machine = new(8 << 20, []);
        RamRegion region = new(new Pa(0x6000_0000), 64 << 12);
        PhysicalMemory memory = new([machine.Ram, region]);
        VcpuContext[] guests = [machine.Vcpu, new(new VcpuId(new GuestId(1), 0))];
        for (uint i = 0; i < 2; i++)
        {
            Stage2Tables tables = new(new RamRegion(new Pa(0x7000_0000 + (i << 20)), 16 << 12));
            tables.Map(new Ipa(0x1000), new Pa(Frames + (i << 12)), 0x1000, true, true, false);
            machine.Put(Frames + (i << 12), 100 + i);
            guests[i].Hyp.Vtcr = Stage2Tables.Vtcr;
            guests[i].Hyp.Vttbr = tables.Vttbr | ((ulong)(i + 1) << 48);
            guests[i].Hyp.Stage2 = true;
            memory = new PhysicalMemory([.. memory.Regions, tables.Region]);
        }

        machine.Core.Detach();
        for (int i = 0; i < 6; i++)
        {
            machine.Core.Attach(guests[i % 2], memory);
            machine.Core[1] = 0x1000;
            machine.Core.ExecuteDisplaced(Load);
            Assert.Equal(100u + (uint)(i % 2), machine.Core[2]);
            machine.Core.Detach();
        }
    }

    [Fact]
    public void A_stage_2_table_that_the_hypervisor_replaces_is_walked_anew()
    {
        TestMachine machine = new(8 << 20, []);
        Stage2Tables[] tables = [new(new RamRegion(new Pa(0x7000_0000), 16 << 12)), new(new RamRegion(new Pa(0x7010_0000), 16 << 12))];
        for (uint i = 0; i < 2; i++)
        {
            tables[i].Map(new Ipa(0x1000), new Pa(Frames + (i << 12)), 0x1000, true, true, false);
            machine.Put(Frames + (i << 12), 100 + i);
        }

        machine.Core.Detach();
        (machine.Vcpu.Hyp.Vtcr, machine.Vcpu.Hyp.Stage2) = (Stage2Tables.Vtcr, true);
        machine.Core.Attach(machine.Vcpu, new PhysicalMemory([machine.Ram, tables[0].Region, tables[1].Region]));
        for (uint i = 0; i < 2; i++)
        {
            machine.Vcpu.Hyp.Vttbr = tables[i].Vttbr;
            machine.Core[1] = 0x1000;
            machine.Core.ExecuteDisplaced(Load);
            Assert.Equal(100 + i, machine.Core[2]);
        }
    }

    /// <summary>A machine with the tables of all spaces, MMU on, and a second vCPU in space 0.</summary>
    private static (TestMachine Machine, VcpuContext Other) Guest()
    {
        TestMachine machine = new(16 << 20, []);
        for (uint at = Frames; at < TestMachine.Start + (8 << 20); at += 4)
        {
            machine.Put(at, at * 2654435761);
        }

        for (int space = 0; space < Spaces; space++)
        {
            machine.Put(Table(space) + 4, (Table(space) + 0x2000) | 1);
            for (int number = 0; number < Addresses.Length; number++)
            {
                Map(machine, space, number, (uint)(space * 7));
            }
        }

        VcpuContext other = new(new VcpuId(new GuestId(0), 1));
        foreach (VcpuContext vcpu in new[] { machine.Vcpu, other })
        {
            (vcpu.Cp15.Ttbr0, vcpu.Cp15.Ttbcr, vcpu.Cp15.Dacr) = (Table(0), 1, 1);
            vcpu.Cp15.Sctlr |= 1;
        }

        return (machine, other);
    }

    /// <summary>8 KiB of first level (TTBCR.N = 1), then the second level of the megabyte at 0x00100000.</summary>
    private static uint Table(int space) => Tables + ((uint)space * 0x4000);

    private static void Map(TestMachine machine, int space, int number, uint noise)
    {
        uint va = Addresses[number];
        uint notGlobal = 1;
        switch (number)
        {
            case < 3:
                machine.Put(Table(space) + 0x2000 + (((va >> 12) & 0xFF) * 4), (Frames + ((noise & 0xFF) << 12)) | (notGlobal << 11) | 0x32);
                break;
            case 3:
                for (uint i = 0; i < 16; i++)
                {
                    machine.Put(Table(space) + 0x2000 + ((((va >> 12) & 0xFF) + i) * 4), (Frames + ((noise & 15) << 16)) | (notGlobal << 11) | 0x31);
                }

                break;
            case < 6:
                machine.Put(Table(space) + ((va >> 20) * 4), (Frames + ((noise & 3) << 20)) | (notGlobal << 17) | 0xC02);
                break;
            default:
                for (uint i = 0; i < 16; i++)
                {
                    machine.Put(Table(space) + (((va >> 24 << 4) + i) * 4), TestMachine.Start | (notGlobal << 17) | ((noise & 1) << 15) | 0x4_0C02);
                }

                break;
        }
    }

    private static void Switch(TestMachine machine, int space)
    {
        Execute(machine, SetTtbr0, Table(space));
        Execute(machine, SetContext, (uint)space);
    }

    private static void Execute(TestMachine machine, uint instruction, uint r0)
    {
        machine.Core.Cpsr = 0x1D3;
        machine.Core[0] = r0;
        Assert.Null(machine.Core.ExecuteDisplaced(instruction));
    }
}
