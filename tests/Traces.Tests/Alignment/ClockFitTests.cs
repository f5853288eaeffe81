using ActorTrace.Traces.Alignment;
using CsCheck;
using Xunit;

namespace ActorTrace.Traces.Tests.Alignment;

/// <summary>The fit of one clock to another is the line of least squares.</summary>
public sealed class ClockFitTests
{
    private const double Million = 1_000_000;

    // Whole milliseconds and whole ppm: the other clock's times are whole nanoseconds, without any rounding.
    private static readonly Gen<(long Offset, int Ppm, ulong[] Times)> Clocks = Gen.Select(
        Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Int[-500, 500], Gen.ULong[2_000_000, 2_100_000].Select(ms => ms * (ulong)Million).Array[3, 40]);

    [Fact]
    public void A_clock_without_errors_is_found_to_the_nanosecond() => Clocks.Where(clock => clock.Times.Distinct().Count() > 2).Sample(clock =>
    {
        EventPair[] pairs = [.. clock.Times.Select(own => new EventPair(Moved(own, clock.Offset, clock.Ppm), own))];
        ClockFit fit = ClockFit.Of(pairs);
        Assert.InRange(fit.LargestResidual, 0, 1.5);
        Assert.All(pairs, pair => Assert.InRange((double)(fit.Map.Map(pair.Own) - pair.Reference), -2, 2));
    });

    [Fact]
    public void No_other_line_leaves_less() => Gen.Select(Clocks, Gen.Int[-50_000, 50_000].Array[40], Gen.Double[-1, 1], Gen.Double[-1, 1]).Sample(
        (clock, errors, up, turn) =>
        {
            EventPair[] pairs = [.. clock.Times.Select((own, i) => new EventPair(Moved(own, clock.Offset, clock.Ppm) + 100_000 - (ulong)(50_000 + errors[i]), own))];
            ClockFit fit = ClockFit.Of(pairs);
            var other = new ClockMap(fit.Map.Offset + (Int128)(up * 10_000), fit.Map.Pivot, fit.Map.Drift + (turn / Million));

            // Offset and pivot are whole nanoseconds: the line may lie half of one off the best.
            Assert.True(Left(fit.Map, pairs) <= Left(other, pairs) + (2 * pairs.Length * (1 + fit.LargestResidual)), $"{fit} {other}");
            Assert.Equal(Math.Sqrt(Left(fit.Map, pairs) / pairs.Length), fit.Residual, tolerance: 1e-6 * (1 + fit.Residual));
        });

    [Fact]
    public void Two_events_give_an_offset_and_no_drift()
    {
        ClockFit fit = ClockFit.Of([new EventPair(1_000, 100), new EventPair(2_000, 1_200)]);
        Assert.Equal((0d, false, (Int128)850, 50d), (fit.Map.Drift, fit.HasDrift, fit.Map.Offset, fit.LargestResidual));
    }

    [Fact]
    public void A_time_before_zero_is_told_as_it_is() => Assert.Equal(-5, new ClockMap(-15).Map(10));

    private static ulong Moved(ulong own, long offset, int ppm) =>
        (ulong)((long)own + offset + (((long)own - 2_000_000_000_000) / (long)Million * ppm));

    private static double Left(ClockMap map, EventPair[] pairs) => pairs.Sum(pair => Math.Pow((double)(pair.Reference - map.Map(pair.Own)), 2));
}
