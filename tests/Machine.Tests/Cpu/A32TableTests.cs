using ActorTrace.Machine.Cpu.Decoding;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class A32TableTests
{
    [Fact]
    public void Two_rows_that_meet_are_ordered_by_one_being_a_special_case_of_the_other()
    {
        foreach (A32Row one in A32Table.Rows)
        {
            foreach (A32Row other in A32Table.Rows.Where(r => r != one && r.Conditional == one.Conditional))
            {
                bool meet = ((one.Value ^ other.Value) & one.Mask & other.Mask) == 0;
                bool nested = (one.Mask & other.Mask) == one.Mask || (one.Mask & other.Mask) == other.Mask;
                Assert.True(!meet || (nested && one.Mask != other.Mask), $"{one.Title} and {other.Title} meet without an order");
            }
        }
    }

    [Fact]
    public void The_most_special_row_wins_for_any_word()
    {
        Random random = new(1);
        for (int i = 0; i < 200_000; i++)
        {
            uint word = (uint)random.NextInt64(1L << 32);
            A32Row? expected = A32Table.Rows.Where(r => r.Matches(word)).MaxBy(r => r.FixedBits);
            Assert.Same(expected, A32Decoder.Find(word));
        }
    }

    [Theory]
    [InlineData(0xE1600070)] // SMC
    [InlineData(0xE7F000F0)] // UDF
    [InlineData(0xEE400B10)] // VMOV.8 of a scalar
    [InlineData(0xEE800B10)] // VDUP
    [InlineData(0xEEB20B40)] // VCVTB between double and half precision
    [InlineData(0xEDE08B02)] // VSTM with P, U and W
    [InlineData(0xF2000000)] // NEON
    [InlineData(0xE6000010)]
    [InlineData(0xFFFFFFFF)]
    public void What_is_not_in_the_table_is_undefined(uint word) => Assert.Equal(A32.Undefined, A32Decoder.Decode(word));
}
