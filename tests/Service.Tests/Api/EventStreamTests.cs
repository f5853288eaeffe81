using System.Globalization;
using ActorTrace.Service.Tests.Doubles;
using ActorTrace.Traces.Merge;
using CsCheck;

namespace ActorTrace.Service.Tests.Api;

/// <summary>Live events: whatever the timing, a reader gets each event once, or is told which it missed and can fetch them.</summary>
public class EventStreamTests
{
    private const string Run = "run";
    private static readonly int[] RingSizes = [2_000, 60_000, 400_000, 8_000_000];
    private static readonly IReadOnlyList<string> Gpos = EventTruth.Of(MadeRun.Instance, TraceView.Gpos);
    private static readonly IReadOnlyList<string> Board = EventTruth.Of(MadeRun.Instance, TraceView.Board);

    [Theory]
    [InlineData("gpos")]
    [InlineData("board")]
    public async Task A_finished_run_is_sent_from_any_event_on(string view)
    {
        IReadOnlyList<string> truth = view is "board" ? Board : Gpos;
        await using ApiHost host = await ApiHost.StartAsync();
        host.Runs.Add(Run).Open(1);
        foreach (int from in new[] { 0, 1, 255, 256, truth.Count - 1, truth.Count, truth.Count + 5 })
        {
            var reader = new EventReader();
            await reader.ReadAsync(host.Client, Path(view, from), int.MaxValue);
            Assert.Equal("completed", reader.End?.GetProperty("state").GetString());
            Check(truth, from, reader);
            Assert.Equal(Math.Max(0, truth.Count - from), reader.Received.Count);
        }
    }

    /// <summary>The gate opens by random steps; readers of both views come, read, are slow, break off and come again.</summary>
    [Fact]
    public void Whatever_the_timing_what_readers_get_and_are_told_to_have_missed_is_the_replay()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3].Select(size => RingSizes[size]), Gen.Int[1, 6], Gen.Int[2, 40])
            .Sample((seed, ringBytes, readers, steps) => RunReadersAsync(seed, ringBytes, readers, steps).GetAwaiter().GetResult(), iter: 16, threads: 2);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_holds_up_neither_the_run_nor_others()
    {
        await using ApiHost host = await ApiHost.StartAsync(ringBytes: 20_000);
        GatedRuns.Gate gate = host.Runs.Add(Run);
        using HttpResponseMessage stuck = await host.Client.GetAsync(Path("board", 0), HttpCompletionOption.ResponseHeadersRead);
        var reader = new EventReader();
        Task reading = reader.ReadAsync(host.Client, Path("board", 0), int.MaxValue);
        for (int i = 1; i <= 50; i++)
        {
            gate.Open(i / 50.0);
            await Task.Delay(5);
        }

        await reading;
        Assert.NotNull(reader.End);
        await FetchMissedAsync(host, "board", reader);
        Check(Board, 0, reader);
        Assert.Equal(Board.Count, reader.Received.Count);
    }

    [Fact]
    public async Task A_feed_is_shared_and_ends_when_the_last_reader_has_left()
    {
        await using ApiHost host = await ApiHost.StartAsync(graceMs: 200);
        host.Runs.Add(Run).Open(0.4);
        using var leave = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 5).Select(_ => new EventReader().ReadAsync(host.Client, Path("gpos", 0), int.MaxValue, null, leave.Token))];
        await UntilAsync(() => host.Runs.Followers == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(readers));
        await UntilAsync(() => host.Runs.Followers == 0);
    }

    [Fact]
    public async Task Progress_is_told_while_a_run_lives()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        GatedRuns.Gate gate = host.Runs.Add(Run);
        var reader = new EventReader();
        Task reading = reader.ReadAsync(host.Client, Path("gpos", 0), int.MaxValue);
        gate.Open(0.5);
        await UntilAsync(() => reader.Progress.ToArray().Any(p => p.GetProperty("simulatedNs").GetUInt64() == 150_000_000));
        gate.IsPaused = true;
        await UntilAsync(() => reader.Progress.ToArray().Any(p => p.GetProperty("state").GetString() is "paused"));
        gate.Open(1);
        await reading;
        Assert.Equal("completed", reader.End?.GetProperty("state").GetString());
        Check(Gpos, 0, reader);
        Assert.Equal(Gpos.Count, reader.Received.Count);
    }

    private static async Task RunReadersAsync(int seed, int ringBytes, int readers, int steps)
    {
        var random = new Random(seed);
        await using ApiHost host = await ApiHost.StartAsync(ringBytes: ringBytes, graceMs: 50);
        GatedRuns.Gate gate = host.Runs.Add(Run);
        int[] seeds = [.. Enumerable.Range(0, readers).Select(_ => random.Next())];
        Task<(string View, EventReader Reader)>[] reading = [.. seeds.Select(own => ReadAsync(host, new Random(own)))];
        double share = 0;
        for (int i = 0; i < steps && share < 1; i++)
        {
            share += random.NextDouble() * 2 / steps;
            gate.Open(Math.Min(share, 0.999));
            await Task.Delay(random.Next(8));
        }

        gate.Open(1);
        foreach ((string view, EventReader reader) in await Task.WhenAll(reading))
        {
            await FetchMissedAsync(host, view, reader);
            IReadOnlyList<string> truth = view is "board" ? Board : Gpos;
            Check(truth, 0, reader);
            Assert.Equal(truth.Count, reader.Received.Count);
        }
    }

    private static async Task<(string View, EventReader Reader)> ReadAsync(ApiHost host, Random random)
    {
        string view = random.Next(2) == 0 ? "gpos" : "board";
        var reader = new EventReader();
        while (reader.End is null)
        {
            int slowness = random.Next(4);
            await reader.ReadAsync(
                host.Client, Path(view, 0), random.Next(1, 60), slowness == 0 ? () => Task.Delay(random.Next(6)) : null);
            await Task.Delay(random.Next(random.Next(2) == 0 ? 1 : 120));
        }

        return (view, reader);
    }

    private static async Task FetchMissedAsync(ApiHost host, string view, EventReader reader)
    {
        foreach ((ulong from, ulong to) in reader.Missed)
        {
            Assert.True(from < to);
            Assert.DoesNotContain(from, reader.Received.Keys);
            var again = new EventReader();
            await again.ReadAsync(host.Client, Path(view, (long)from), int.MaxValue);
            foreach ((ulong number, string text) in again.Received.Where(pair => pair.Key < to))
            {
                Assert.True(reader.Received.TryAdd(number, text), $"event {number} was missed and received");
            }
        }
    }

    private static void Check(IReadOnlyList<string> truth, int from, EventReader reader)
    {
        int expected = from;
        foreach ((ulong number, string text) in reader.Received)
        {
            Assert.Equal((ulong)expected, number);
            EventTruth.Same(truth[expected++], text);
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static string Path(string view, long from) =>
        string.Create(CultureInfo.InvariantCulture, $"/api/v1/runs/{Run}/events?view={view}&from={from}");
}
