using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace ActorTrace.Service.Tests.Process;

/// <summary>
/// The service is killed at random moments while it simulates several runs. What it had told a client is there afterwards, and the
/// runs go on to the journals of undisturbed ones. ops/kill-service.sh does so more often.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string Duration = "250ms";
    private const int Plain = 2;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("ACTORTRACE_KILLS") ?? "20", CultureInfo.InvariantCulture);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private readonly Dictionary<string, Watched> _runs = new(StringComparer.Ordinal);
    private readonly Random _random = new(5);
    private int _finished;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_that_was_told_is_lost_and_every_run_ends_as_if_nothing_had_happened()
    {
        string expected = UndisturbedHash();
        for (int kill = 0; kill < Kills; kill++)
        {
            using ServiceProcess service = ServiceProcess.Start(PathOf("data"));
            await CheckAsync(service.Client, expected);
            await GoOnAsync(service.Client);
            await StartMoreAsync(service.Client);
            using var killed = new CancellationTokenSource();
            Task[] watching = [.. _runs.Values.Select(run => WatchAsync(service.Client, run, killed.Token))];
            await Task.Delay(_random.Next(900));
            service.Kill();
            await killed.CancelAsync();
            await Task.WhenAll(watching);
        }

        using ServiceProcess last = ServiceProcess.Start(PathOf("data"));
        await CheckAsync(last.Client, expected);
        await CompareResumptionsAsync(last.Client);
        await GoOnAsync(last.Client);
        foreach (string id in _runs.Keys)
        {
            await last.Client.EndAsync(id);
        }

        await CheckAsync(last.Client, expected);
        Assert.Empty(_runs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Kills} kills, {_finished} runs finished, all with the journal of an undisturbed run"));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string UndisturbedHash()
    {
        string journal = PathOf("undisturbed.atj");
        using JsonDocument run = JsonDocument.Parse(Cli.Run("run", Checkout.PathOf("scenarios/arndale.yaml"), "--for", Duration, "--journal", journal, "--json"));
        return run.RootElement.GetProperty("runHash").GetString()!;
    }

    /// <summary>All that was told is there; runs that are over are looked into and removed.</summary>
    private async Task CheckAsync(HttpClient client, string expected)
    {
        string[] listed = [.. (await client.AskAsync("", "?limit=500")).GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetString()!)];
        Assert.Empty(_runs.Keys.Except(listed, StringComparer.Ordinal));
        foreach (Watched run in _runs.Values.ToArray())
        {
            JsonElement status = await client.AskAsync(run.Id);
            var again = new EventReader();
            await again.ReadAsync(client, $"{ServiceCalls.Runs}/{run.Id}/events", int.MaxValue);
            Assert.All(run.Seen.Received, seen => Assert.Equal(seen.Value, again.Received[seen.Key]));
            if (status.State() is "unfinished")
            {
                continue;
            }

            Assert.Equal("completed", status.State());
            await CheckFinishedAsync(client, run, status.GetProperty("hash").GetString()!, expected);
            Assert.True((await client.DeleteAsync($"{ServiceCalls.Runs}/{run.Id}")).IsSuccessStatusCode);
            _runs.Remove(run.Id);
            _finished++;
        }
    }

    private async Task CheckFinishedAsync(HttpClient client, Watched run, string hash, string expected)
    {
        if (!run.IsControlled)
        {
            Assert.Equal(expected, hash);
            if (_finished % 10 != 0)
            {
                return;
            }
        }

        string[] written = [.. (await client.AskAsync(run.Id, "/summary")).GetProperty("commands").EnumerateArray().Select(c => c.GetProperty("value").GetString()!)];
        Assert.Empty(run.Told.Except(written, StringComparer.Ordinal));
        string journal = PathOf(run.Id + ".atj");
        await client.DownloadAsync(run.Id, "journal", journal);
        Assert.Contains(hash, Cli.Run("verify", journal), StringComparison.Ordinal);
        File.Delete(journal);
    }

    /// <summary>A run that was cut off is resumed by the command line from a copy, and by the service: both come to the same.</summary>
    private async Task CompareResumptionsAsync(HttpClient client)
    {
        foreach (Watched run in _runs.Values.Take(2))
        {
            string copy = PathOf("copy.atj");
            await client.DownloadAsync(run.Id, "journal", copy);
            using JsonDocument resumed = JsonDocument.Parse(Cli.Run("resume", copy, "--json"));
            await client.PostAsync(run.Id, "continue");
            JsonElement here = await client.EndAsync(run.Id);
            Assert.Equal(resumed.RootElement.GetProperty("runHash").GetString(), here.GetProperty("hash").GetString());
            File.Delete(copy);
        }
    }

    private async Task GoOnAsync(HttpClient client)
    {
        foreach (string id in _runs.Keys)
        {
            if ((await client.AskAsync(id)).State() is "unfinished")
            {
                await client.PostAsync(id, "continue");
            }
        }
    }

    private async Task StartMoreAsync(HttpClient client)
    {
        while (_runs.Values.Count(run => !run.IsControlled) < Plain)
        {
            var run = new Watched(await client.StartAsync(Duration), false);
            _runs.Add(run.Id, run);
        }

        if (!_runs.Values.Any(run => run.IsControlled))
        {
            var run = new Watched(await client.StartAsync(Duration, edit: ServiceCalls.Untraced), true);
            _runs.Add(run.Id, run);
        }
    }

    /// <summary>Reads events, and writes control files, until the service is gone.</summary>
    private static async Task WatchAsync(HttpClient client, Watched run, CancellationToken killed)
    {
        Task writing = run.IsControlled ? WriteAsync(client, run, killed) : Task.CompletedTask;
        try
        {
            await run.Seen.ReadAsync(client, $"{ServiceCalls.Runs}/{run.Id}/events", int.MaxValue, null, killed);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed.
        }

        await writing;
    }

    private static async Task WriteAsync(HttpClient client, Watched run, CancellationToken killed)
    {
        try
        {
            while (!killed.IsCancellationRequested)
            {
                string value = "every=" + (run.Told.Count + 2).ToString(CultureInfo.InvariantCulture);
                (System.Net.HttpStatusCode status, string text) = await client.EchoAsync(run.Id, "filter", value);
                if (status == System.Net.HttpStatusCode.Conflict)
                {
                    return;
                }

                // Pending is stored too, but the run may end before it takes effect.
                if (status == System.Net.HttpStatusCode.OK)
                {
                    Assert.Equal("ok\n", text);
                    run.Told.Add(value);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed.
        }
    }

    private sealed class Watched(string id, bool isControlled)
    {
        public string Id { get; } = id;

        public bool IsControlled { get; } = isControlled;

        public EventReader Seen { get; } = new();

        public List<string> Told { get; } = [];
    }
}
