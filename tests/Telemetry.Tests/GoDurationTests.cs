using ActorTrace.Hosting.Service.Jaeger;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>Durations as Jaeger's UI sends them.</summary>
public sealed class GoDurationTests
{
    [Theory]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1.5ms", 1_500_000)]
    [InlineData("500us", 500_000)]
    [InlineData("500\u00B5s", 500_000)]
    [InlineData("7ns", 7)]
    [InlineData("0.1ns", 0)]
    [InlineData("2m3s", 123_000_000_000)]
    public void Durations_are_those_of_Go(string text, long nanoseconds)
    {
        Assert.True(GoDuration.TryParse(text, out ulong read));
        Assert.Equal((ulong)nanoseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1..5s")]
    [InlineData("1s!")]
    [InlineData("99999999999999999999h")]
    public void What_is_no_duration_is_not_taken_for_one(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
