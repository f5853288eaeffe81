using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Hosting.Tests.Yaml;

public class QuantityTests
{
    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("1ns", 1, false)]
    [InlineData("2.5us", 2_500, false)]
    [InlineData("20 ms", 20_000_000, false)]
    [InlineData("16.666667ms", 16_666_667, false)]
    [InlineData("2s", 2_000_000_000, false)]
    [InlineData("850cycles", 850, true)]
    [InlineData("1000000s", 1_000_000_000_000_000, false)]
    public void A_time_is_a_number_with_its_unit(string text, long amount, bool cycles) =>
        Assert.Equal(new TimeQuantity((ulong)amount, cycles), Quantity.Time(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("ms")]
    [InlineData("-1ms")]
    [InlineData("+1ms")]
    [InlineData("1e3ms")]
    [InlineData("1,5ms")]
    [InlineData(".5ms")]
    [InlineData("5.ms")]
    [InlineData("0.5ns")]
    [InlineData("1.5cycles")]
    [InlineData("1 min")]
    [InlineData("1000001s")]
    [InlineData("99999999999999999999999999999s")]
    [InlineData("NaNs")]
    public void What_is_no_exact_time_is_refused(string text) => Assert.Null(Quantity.Time(text));

    [Theory]
    [InlineData("1.7GHz", 1_700_000_000)]
    [InlineData("62.5MHz", 62_500_000)]
    [InlineData("32.768kHz", 32_768)]
    [InlineData("1Hz", 1)]
    public void A_frequency_is_exact(string text, long hertz) => Assert.Equal((ulong)hertz, Quantity.Frequency(text));

    [Fact]
    public void A_size_has_a_binary_unit()
    {
        Assert.Equal(64ul << 20, Quantity.Size("64MiB"));
        Assert.Equal(4096ul, Quantity.Size("4KiB"));
        Assert.Null(Quantity.Size("64MB"));
        Assert.Null(Quantity.Size("4096"));
    }

    [Fact]
    public void Numbers_may_be_hexadecimal()
    {
        Assert.Equal(0x4000_0000ul, Quantity.Integer("0x4000_0000"));
        Assert.Equal(12ul, Quantity.Integer("12"));
        Assert.Null(Quantity.Integer("0x"));
        Assert.Null(Quantity.Integer("-1"));
        Assert.Null(Quantity.Integer("99999999999999999999"));
    }

    [Fact]
    public void Nanoseconds_become_cycles_rounded_up()
    {
        var clock = new ClockRates(1_700_000_000, 24_000_000, 1);
        Assert.Equal(2ul, Quantity.Time("1ns")!.Value.ToCycles(clock));
        Assert.Equal(850ul, Quantity.Time("500ns")!.Value.ToCycles(clock));
        Assert.Equal(850ul, Quantity.Time("850cycles")!.Value.ToCycles(clock));
    }
}
