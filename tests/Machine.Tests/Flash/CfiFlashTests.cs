using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Tests.Gic;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Flash;

public sealed class CfiFlashTests
{
    private const uint ReadArray = 0x00FF_00FF;
    private readonly List<int> changed = [];
    private readonly CfiFlash flash;

    public CfiFlashTests()
    {
        RamRegion content = new(new Pa(0), 1 << 20) { Writable = false };
        content.Bytes[4] = 0x5A;
        flash = new CfiFlash(new Pa(0), content) { ModeChanged = changed.Add };
    }

    [Fact]
    public void What_it_holds_reads_as_stored_and_all_else_as_erased()
    {
        Assert.Equal((0x5AU, 0U), (flash.Read(4, 4), flash.Read(0, 4)));
        Assert.Equal((uint.MaxValue, 0xFFU), (flash.Read(1 << 20, 4), flash.Read(CfiFlash.Size - 1, 1)));
        Assert.Equal(uint.MaxValue, new CfiFlash(new Pa(0), null).Read(0, 4));
    }

    [Fact]
    public void A_query_hides_the_bytes_of_its_bank_only_until_the_array_is_read_again()
    {
        flash.Write(0x154, 0x0098_0098);
        Assert.Equal((0x0051_0051U, false, true), (flash.Read(0x40, 4), flash.ReadsArray(0), flash.ReadsArray(1)));
        Assert.Equal(uint.MaxValue, flash.Read(CfiFlash.BankSize + 0x40, 4));
        flash.Write(0, ReadArray);
        Assert.Equal((0x5AU, true), (flash.Read(4, 4), flash.ReadsArray(0)));
        Assert.Equal([0, 0], changed);
    }

    [Theory]
    [InlineData(0x0040_0040, 0x1234_5678, 0x0092_0092)]
    [InlineData(0x0020_0020, 0x00D0_00D0, 0x00A2_00A2)]
    [InlineData(0x00E8_00E8, 0x0070_0070, 0x0092_0092)]
    public void Programming_and_erasing_fail_as_on_a_locked_block(uint command, uint operand, uint status)
    {
        flash.Write(0, command);
        flash.Write(0, operand);
        Assert.Equal(status, flash.Read(0, 4));
        flash.Write(0, 0x0050_0050);
        Assert.Equal(0x0080_0080U, flash.Read(0, 4));
        flash.Write(0, ReadArray);
        Assert.Equal(0x5AU, flash.Read(4, 4));
    }

    /// <summary>Identification and every word of the query, by accesses of 32, and in a bank of its own, of 8 bits at the lower lane.</summary>
    [SkippableFact]
    public void Identifiers_and_query_read_as_on_QEMU()
    {
        QemuRegisters.Require();
        List<RegisterAccess> accesses = [];
        void Store(uint address, uint value) => accesses.Add(new RegisterAccess(true, 4, address, value));
        void Load(uint address) => accesses.Add(new RegisterAccess(false, 4, address, 0));
        foreach (uint bank in new[] { 0U, CfiFlash.BankSize })
        {
            Load(bank + 0x20_0000);
            Store(bank, 0x0090_0090);
            Load(bank);
            Load(bank + 4);
            Store(bank + 0x154, 0x0098_0098);
            for (uint word = 0; word < 0x60; word++)
            {
                Load(bank + (4 * word));
            }

            accesses.Add(new RegisterAccess(false, 1, bank + 0x40, 0));
            Store(bank, ReadArray);
            Store(bank, 0x0070_0070);
            Load(bank);
            Store(bank, ReadArray);
            Load(bank + 0x20_0000);
        }

        CfiFlash ours = new(new Pa(0), null);
        IReadOnlyList<uint> expected = QemuRegisters.Run(accesses, 1, "virt");
        List<uint> read = [];
        foreach (RegisterAccess access in accesses)
        {
            if (access.IsWrite)
            {
                ours.Write(access.Address, access.Value);
            }
            else
            {
                read.Add(ours.Read(access.Address, access.Size));
            }
        }

        // QEMU's flash without a file is zero, a real one is erased.
        Assert.Equal(expected.Select((v, i) => read[i] == uint.MaxValue && v == 0 ? uint.MaxValue : v), read);
    }
}
