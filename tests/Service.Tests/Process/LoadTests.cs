using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ActorTrace.Service.Tests.Process;

/// <summary>Many runs and many readers at the same time. ops/load-service.sh does so for longer.</summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Runs = 20;
    private const int Readers = 100;
    private const long MostBytes = 3L << 30;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("ACTORTRACE_LOAD_SECONDS") ?? "30", CultureInfo.InvariantCulture));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private readonly Lock _lock = new();
    private readonly List<string> _live = [];
    private long _events;
    private long _missed;
    private long _streams;
    private long _finished;
    private long _mostMemory;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Twenty_runs_and_a_hundred_readers_go_on_without_an_error()
    {
        using ServiceProcess service = ServiceProcess.Start(Path.Combine(_folder.FullName, "data"), "--max-runs", "20");
        var clock = Stopwatch.StartNew();
        using var end = new CancellationTokenSource(Time);
        Task[] work =
        [
            .. Enumerable.Range(0, Runs).Select(_ => KeepRunningAsync(service.Client, end.Token)),
            .. Enumerable.Range(0, Readers).Select(i => KeepReadingAsync(service.Client, new Random(i), end.Token)),
            MeasureAsync(service, end.Token),
        ];
        await Task.WhenAll(work);
        double seconds = clock.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {seconds:0.0} s: {_finished} runs finished, {_streams} event streams read to the end, {_events} events received ({_events / seconds:0} a second),
            {_missed} told as missed, memory at most {_mostMemory >> 20} MiB, processor {service.ProcessorTime.TotalSeconds:0.0} s
            """));
        Assert.InRange(_finished, Runs, long.MaxValue);
        Assert.InRange(_events, 1, long.MaxValue);
        Assert.InRange(_mostMemory, 1, MostBytes);
    }

    /// <summary>One run after the other; the last one is finished too.</summary>
    private async Task KeepRunningAsync(HttpClient client, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            string id = await client.StartAsync("150ms");
            lock (_lock)
            {
                _live.Add(id);
            }

            Assert.Equal("completed", (await client.EndAsync(id)).State());
            lock (_lock)
            {
                _live.Remove(id);
            }

            Interlocked.Increment(ref _finished);
        }
    }

    private async Task KeepReadingAsync(HttpClient client, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            string? id;
            lock (_lock)
            {
                id = _live.Count == 0 ? null : _live[random.Next(_live.Count)];
            }

            if (id is null)
            {
                await Task.Delay(50, CancellationToken.None);
                continue;
            }

            var reader = new EventReader();
            await reader.ReadAsync(client, $"{ServiceCalls.Runs}/{id}/events?view={(random.Next(2) == 0 ? "gpos" : "board")}", int.MaxValue, null, CancellationToken.None);
            Assert.Equal("completed", reader.End!.Value.State());
            CheckWhole(reader);
            Interlocked.Increment(ref _streams);
            Interlocked.Add(ref _events, reader.Received.Count);
            Interlocked.Add(ref _missed, reader.Missed.Sum(part => (long)(part.To - part.From)));
        }
    }

    private static void CheckWhole(EventReader reader)
    {
        ulong next = 0;
        Queue<(ulong From, ulong To)> missed = new(reader.Missed);
        foreach (ulong number in reader.Received.Keys)
        {
            while (missed.TryPeek(out (ulong From, ulong To) part) && part.From == next)
            {
                next = missed.Dequeue().To;
            }

            Assert.Equal(next++, number);
        }
    }

    private async Task MeasureAsync(ServiceProcess service, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            _mostMemory = Math.Max(_mostMemory, service.ResidentBytes);
            await Task.Delay(200, CancellationToken.None);
        }
    }
}
