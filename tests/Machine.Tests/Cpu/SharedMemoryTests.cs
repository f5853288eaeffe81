using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>Two cores with a vCPU each of one guest, run in turns on one memory.</summary>
public sealed class SharedMemoryTests
{
    private const uint Word = TestMachine.Start + 0x8000;
    private const uint SecondCode = TestMachine.Start + 0x1000;
    private const uint Ldrex1From0 = 0xE190_1F9F; // ldrex r1, [r0]
    private const uint Strex2Of3To0 = 0xE180_2F93; // strex r2, r3, [r0]
    private const uint Str3To0 = 0xE580_3000;
    private readonly TestMachine first = new();
    private readonly VcpuContext otherVcpu = new(new VcpuId(new GuestId(0), 1));
    private readonly Core other = new(new CoreId(1), TestPeripherals.Rates, new TestPeripherals());

    public SharedMemoryTests()
    {
        otherVcpu.Reset(new GuestVa(SecondCode), 0, 0, 0);
        other.Attach(otherVcpu, first.Memory);
        (first.Core[0], other[0]) = (Word, Word);
    }

    /// <summary>The other takes the value away and brings it back (ABA): what LDREX read is there, and the store must fail all the same.</summary>
    [Theory]
    [InlineData(0u, 1u)]
    [InlineData(8u, 0u)]
    public void An_exclusive_store_fails_after_another_vcpus_exclusive_stores_there(uint elsewhere, uint expected)
    {
        first.Put(TestMachine.Start, Ldrex1From0, Strex2Of3To0);
        first.Put(SecondCode, Ldrex1From0, Strex2Of3To0, Ldrex1From0, 0xE180_2F94); // strex r2, r4, [r0]
        other[0] = Word + elsewhere;
        (other[3], other[4]) = (77, 0);
        first.Run(1);
        Run(4);
        Assert.Equal((0u, 0u), (other[2], first.Word(Word)));
        first.Run(1);
        Assert.Equal(expected, first.Core[2]);
    }

    [Fact]
    public void An_exclusive_store_fails_after_another_vcpu_stored_something_else_there()
    {
        first.Put(TestMachine.Start, Ldrex1From0, Strex2Of3To0);
        first.Put(SecondCode, Str3To0);
        other[3] = 5;
        first.Run(1);
        Run(1);
        first.Run(1);
        Assert.Equal((1u, 5u), (first.Core[2], first.Word(Word)));
    }

    [Fact]
    public void An_exclusive_store_fails_after_the_vcpu_was_off_its_core()
    {
        first.Put(TestMachine.Start, Ldrex1From0, Strex2Of3To0);
        first.Run(1);
        first.Vcpu.ClearExclusive();
        first.Run(1);
        Assert.Equal(1u, first.Core[2]);
    }

    [Fact]
    public void Code_that_one_vcpu_changes_runs_changed_on_the_other()
    {
        first.Put(TestMachine.Start, 0xE280_5001, 0xEAFF_FFFD); // add r5, r0, #1; b .-4
        first.Core[0] = 0;
        first.Run(4);
        Assert.Equal(1u, first.Core[5]);
        first.Put(SecondCode, Str3To0);
        (other[0], other[3]) = (TestMachine.Start, 0xE280_5002); // add r5, r0, #2
        Run(1);
        first.Run(4);
        Assert.Equal(2u, first.Core[5]);
    }

    /// <summary>A page moves; the local operation leaves the other's remembered translation alone, as it may, the broadcast one does not.</summary>
    [Fact]
    public void TLBI_for_the_inner_shareable_domain_reaches_the_other_vcpu()
    {
        const uint Tables = TestMachine.Start + 0x1_0000;
        const uint SectionFullAccess = 0xC02;
        const uint MmuOn = 1;
        const uint Moved = 0x0050_0000;
        TestMachine large = new(4 << 20, []);
        large.Put(Tables + (TestMachine.Start >> 20 << 2), TestMachine.Start | SectionFullAccess);
        large.Put(Tables + (Moved >> 20 << 2), (TestMachine.Start + 0x10_0000) | SectionFullAccess);
        large.Put(TestMachine.Start + 0x10_0000, 11u);
        large.Put(TestMachine.Start + 0x20_0000, 22u);
        large.Put(TestMachine.Start, 0xEE08_0F13); // TLBIALLIS
        large.Put(SecondCode, 0xE590_1000, 0xE590_2000); // ldr r1, [r0]; ldr r2, [r0]
        VcpuContext reader = new(new VcpuId(new GuestId(0), 1));
        reader.Reset(new GuestVa(SecondCode), Moved, 0, 0);
        Core readers = new(new CoreId(1), TestPeripherals.Rates, new TestPeripherals());
        readers.Attach(reader, large.Memory);
        foreach (VcpuContext vcpu in new[] { large.Vcpu, reader })
        {
            (vcpu.Cp15.Ttbr0, vcpu.Cp15.Dacr) = (Tables, 1);
            vcpu.Cp15.Sctlr |= MmuOn;
        }

        ulong cycles = TestPeripherals.Rates.CyclesPerInstruction;
        readers.RunUntil(readers.Now + cycles);
        large.Put(Tables + (Moved >> 20 << 2), (TestMachine.Start + 0x20_0000) | SectionFullAccess);
        large.Run(1);
        readers.RunUntil(readers.Now + cycles);
        Assert.Equal((11u, 22u), (readers[1], readers[2]));
    }

    private void Run(ulong instructions) => other.RunUntil(other.Now + (instructions * TestPeripherals.Rates.CyclesPerInstruction));
}
