using ActorTrace.Machine.Cpu.Decoding;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class T32TableTests
{
    [Fact]
    public void Two_rows_that_meet_are_ordered_by_one_being_a_special_case_of_the_other()
    {
        foreach (T32Row one in T32Table.Rows)
        {
            foreach (T32Row other in T32Table.Rows.Where(r => r != one && r.Meets(one)))
            {
                bool nested = (one.Mask & other.Mask) == one.Mask || (one.Mask & other.Mask) == other.Mask;
                Assert.True(nested && one.Mask != other.Mask, $"{one.Title} and {other.Title} meet without an order");
            }
        }
    }

    [Fact]
    public void The_most_special_row_wins_for_any_instruction()
    {
        Random random = new(1);
        for (uint bits = 0; bits < 0xE800; bits++)
        {
            Assert.Same(MostSpecial(bits, 16), T32Decoder.Find(bits));
        }

        for (int i = 0; i < 100_000; i++)
        {
            uint bits = (uint)random.NextInt64(0xE800_0000, 1L << 32);
            Assert.Same(MostSpecial(bits, 32), T32Decoder.Find(bits));
        }
    }

    [Fact]
    public void Every_row_begins_as_an_instruction_of_its_width_does()
    {
        Assert.All(T32Table.Rows, row => Assert.Equal(row.Width == 32, T32Decoder.IsLong(row.Width == 32 ? row.Value >> 16 : row.Value)));
        Assert.Equal(T32Table.Rows.Length, T32Table.Rows.Select(r => (r.Width, r.Title)).Distinct().Count());
    }

    /// <summary>SMC and UDF are so by the table; of the coprocessors only some are there.</summary>
    [Fact]
    public void The_a32_word_of_every_row_is_an_instruction()
    {
        Random random = new(2);
        foreach (T32Row row in T32Table.Rows.Where(r => !r.Title.StartsWith("UDF", StringComparison.Ordinal) && !r.Title.StartsWith("SMC", StringComparison.Ordinal)))
        {
            bool coprocessor = row.Title.StartsWith("LDC", StringComparison.Ordinal) || row.Title.StartsWith("CDP", StringComparison.Ordinal);
            for (int i = 0; i < 50 && !coprocessor; i++)
            {
                uint bits = row.Value | ((uint)random.NextInt64(1L << row.Width) & ~row.Mask);
                if (row.Matches(bits) && T32Decoder.Find(bits) == row)
                {
                    Assert.True(row.Decode(bits, 14, false).Handler != A32.Undefined, $"{row.Title} 0x{bits:x}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0xDE00)] // UDF
    [InlineData(0xBA80)]
    [InlineData(0xB100 | 0x600)] // no instruction between SETEND and PUSH
    [InlineData(0xF7F08000)] // SMC
    [InlineData(0xF7F0A000)] // UDF
    [InlineData(0xF8CF1000)] // str r1, [pc]
    [InlineData(0xFC000000)] // the second coprocessor space
    [InlineData(0xEF000000)] // Advanced SIMD
    [InlineData(0xF9000000)]
    [InlineData(0xFFFFFFFF)]
    public void What_is_not_in_the_table_is_undefined(uint bits) => Assert.Equal(A32.Undefined, T32Decoder.Decode(bits, 0).Handler);

    private static T32Row? MostSpecial(uint bits, int width) =>
        T32Table.Rows.Where(r => r.Width == width && r.Matches(bits)).MaxBy(r => r.FixedBits);
}
