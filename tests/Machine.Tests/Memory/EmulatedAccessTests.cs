using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Tests.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>Loads and stores to a device that the hypervisor emulates by decoding them, because their syndrome tells too little.</summary>
public sealed class EmulatedAccessTests
{
    private const uint Device = 0x0A00_0010;
    private readonly List<(uint Address, int Size, bool Write, uint Value)> accesses = [];

    public static TheoryData<uint, uint, (uint Address, int Size, bool Write, uint Value)[]> Instructions { get; } = new()
    {
        // str r2, [r1], #4 - strb r2, [r1, #1]! - strh r2, [r1], -r4 (r4 = 2)
        { 0xE481_2004, Device + 4, [(Device, 4, true, 0x1234_5678)] },
        { 0xE5E1_2001, Device + 1, [(Device + 1, 1, true, 0x78)] },
        { 0xE001_20B4, Device - 2, [(Device, 2, true, 0x5678)] },

        // stmia r1!, {r2, r3} - strd r2, [r1]
        { 0xE8A1_000C, Device + 8, [(Device, 4, true, 0x1234_5678), (Device + 4, 4, true, 0x9ABC_DEF0)] },
        { 0xE1C1_20F0, Device, [(Device, 4, true, 0x1234_5678), (Device + 4, 4, true, 0x9ABC_DEF0)] },

        // ldr r2, [r1], #4 - ldrsb r2, [r1, #3]! - ldmia r1, {r2, r3}: the device answers with the low byte of the address
        { 0xE491_2004, Device + 4, [(Device, 4, false, 0x10)] },
        { 0xE1F1_20D3, Device + 3, [(Device + 3, 1, false, 0x13)] },
        { 0xE891_000C, Device, [(Device, 4, false, 0x10), (Device + 4, 4, false, 0x14)] },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public void An_instruction_without_syndrome_makes_all_its_accesses_and_writes_its_base_back(
        uint instruction, uint baseAfter, (uint Address, int Size, bool Write, uint Value)[] expected)
    {
        TestMachine machine = Guest(instruction);
        CoreExit exit = machine.Run(10);
        Assert.Equal((CoreExitKind.Stage2DataAbort, 0u), (exit.Kind, exit.Syndrome & (1 << 24)));
        Assert.Null(machine.Core.ExecuteEmulated(Answer));
        Assert.Equal(expected, accesses);
        Assert.Equal((baseAfter, TestMachine.Start + 4, 1UL), (machine.Core[1], machine.Core[15], machine.Core.Instructions));
        if (!expected[0].Write)
        {
            Assert.Equal(expected[0].Value, machine.Core[2]);
        }
    }

    [Fact]
    public void Where_no_device_answers_the_guest_gets_an_external_abort_at_the_instruction()
    {
        TestMachine machine = Guest(0xE481_2004);
        machine.Run(10);
        Assert.Null(machine.Core.ExecuteEmulated((Ipa _, int _, bool _, ref uint _) => false));
        Assert.Equal((0x10u, Device, Device), (machine.Core[15], machine.Vcpu.Cp15.Dfar, machine.Core[1]));
    }

    [Fact]
    public void The_next_instruction_traps_again()
    {
        TestMachine machine = Guest(0xE481_2004, 0xE481_2004);
        machine.Run(10);
        machine.Core.ExecuteEmulated(Answer);
        Assert.Equal((CoreExitKind.Stage2DataAbort, Device + 4), (machine.Run(10).Kind, machine.Core[1]));
        Assert.Single(accesses);
    }

    [Fact]
    public void A_range_that_stage_2_takes_away_aborts_until_it_is_given_back()
    {
        RamRegion region = new(new Pa(0x6000_0000), 64 * 4096);
        Stage2Tables tables = new(region);
        tables.Map(new Ipa(0), new Pa(0x4000_0000), 4 << 20, false, true, false);
        tables.Map(new Ipa(0x0801_0000), new Pa(0x1048_6000), 0x2000, true, false, true);
        HypControls hyp = new() { Stage2 = true, Vttbr = tables.Vttbr, Vtcr = Stage2Tables.Vtcr };
        PhysicalMemory memory = new([region]);
        bool[] Mapped() => [.. new ulong[] { 0x1000, 0x20_0000, 0x0801_1000 }.Select(a => Stage2Walk.Translate(hyp, memory, new Ipa(a)).IsMapped)];
        tables.SetValid(new Ipa(0), 2 << 20, false);
        tables.SetValid(new Ipa(0x0801_1000), 0x1000, false);
        Assert.Equal([false, true, false], Mapped());
        tables.SetValid(new Ipa(0), 4 << 20, true);
        tables.SetValid(new Ipa(0x0801_1000), 0x1000, true);
        Assert.Equal([true, true, true], Mapped());
        Assert.Equal(0x4000_1000UL, Stage2Walk.Translate(hyp, memory, new Ipa(0x1000)).Pa.Value);
    }

    private bool Answer(Ipa address, int size, bool write, ref uint value)
    {
        value = write ? value : (byte)address.Value;
        accesses.Add(((uint)address.Value, size, write, value));
        return true;
    }

    private static TestMachine Guest(params ReadOnlySpan<uint> code)
    {
        TestMachine machine = new(4 << 20, code);
        RamRegion region = new(new Pa(0x6000_0000), 64 * 4096);
        Stage2Tables tables = new(region);
        tables.Map(new Ipa(TestMachine.Start), new Pa(TestMachine.Start), 4 << 20, true, true, false);
        machine.Core.Detach();
        (machine.Vcpu.Hyp.Vttbr, machine.Vcpu.Hyp.Vtcr, machine.Vcpu.Hyp.Stage2) = (tables.Vttbr, Stage2Tables.Vtcr, true);
        machine.Core.Attach(machine.Vcpu, new PhysicalMemory([machine.Ram, region]));
        (machine.Core[1], machine.Core[2], machine.Core[3], machine.Core[4]) = (Device, 0x1234_5678, 0x9ABC_DEF0, 2);
        return machine;
    }
}
