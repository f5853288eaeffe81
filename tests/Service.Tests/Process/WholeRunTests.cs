using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorTrace.Service.Tests.Process;

/// <summary>A run over HTTP is the run of the command line, and so is all that is told of it.</summary>
public sealed class WholeRunTests(WholeRunTests.FinishedRun finished) : IClassFixture<WholeRunTests.FinishedRun>
{
    private static readonly string[] ProbeFields = ["probe", "name", "status", "hits", "filtered", "overrun", "drained", "converted"];

    [Fact]
    public void An_uploaded_run_has_the_hash_of_the_command_line()
    {
        string journal = finished.PathOf("cli.atj");
        using JsonDocument cli = JsonDocument.Parse(Cli.Run("run", Checkout.PathOf("scenarios/arndale.yaml"), "--for", "200ms", "--journal", journal, "--json"));
        Assert.Equal(cli.RootElement.GetProperty("runHash").GetString(), finished.Run.GetProperty("hash").GetString());
        Assert.Equal(200_000_000, finished.Run.GetProperty("simulatedNs").GetInt64());
    }

    [Fact]
    public void Its_journal_can_be_verified() => Cli.Run("verify", finished.Journal);

    [Theory]
    [InlineData("trace.dat", "")]
    [InlineData("trace.dat-v7", "?compression=none&view=board")]
    [InlineData("ftrace", "?view=board&from=100ms&until=150ms")]
    [InlineData("perf", "?cpu=1")]
    [InlineData("perfetto", "?task=RTOS-Task1")]
    [InlineData("chrome", "")]
    [InlineData("csv", "?view=board&cpu=0")]
    public async Task A_replay_is_the_file_of_the_command_line(string format, string query)
    {
        string http = finished.PathOf($"http-{format}");
        string cli = finished.PathOf($"cli-{format}");
        await finished.Client.DownloadAsync(finished.Id, $"replay/{format}{query}", http);
        string[] options = [.. query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=')).SelectMany(o => new[] { "--" + o[0], o[1] })];
        Cli.Run(["replay", finished.Journal, "--to", format, "-o", cli, .. options]);
        Assert.Equal(await File.ReadAllBytesAsync(cli), await File.ReadAllBytesAsync(http));
    }

    [Theory]
    [InlineData("ctf")]
    [InlineData("trace.dat-set")]
    public async Task A_replay_into_a_folder_comes_as_tar(string format)
    {
        string tar = finished.PathOf(format + ".tar");
        string cli = finished.PathOf("cli-" + format);
        string folder = Directory.CreateDirectory(finished.PathOf("http-" + format)).FullName;
        await finished.Client.DownloadAsync(finished.Id, $"replay/{format}", tar);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false);
        Cli.Run("replay", finished.Journal, "--to", format, "-o", cli);
        string http = Directory.GetDirectories(folder).Single();
        Assert.Equal(Names(cli), Names(http), StringComparer.Ordinal);
        Assert.All(Names(cli), name => Assert.Equal(File.ReadAllBytes(Path.Combine(cli, name)), File.ReadAllBytes(Path.Combine(http, name))));
    }

    [Fact]
    public async Task Its_summary_and_report_are_those_of_the_command_line()
    {
        JsonObject inspect = JsonNode.Parse(Cli.Run("inspect", finished.Journal, "--json"))!.AsObject();
        JsonObject summary = JsonNode.Parse(await finished.Client.GetStringAsync($"{ServiceCalls.Runs}/{finished.Id}/summary"))!.AsObject();
        Assert.Equal($"{ServiceCalls.Runs}/{finished.Id}/journal", summary["journal"]!.GetValue<string>());
        inspect.Remove("journal");
        summary.Remove("journal");
        Assert.True(JsonNode.DeepEquals(inspect, summary), $"{inspect}\n{summary}");
        JsonNode report = JsonNode.Parse(await finished.Client.GetStringAsync($"{ServiceCalls.Runs}/{finished.Id}/report?from=50ms"))!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Cli.Run("report", finished.Journal, "--json", "--from", "50ms")), report));
        string page = finished.PathOf("report.html");
        Cli.Run("report", finished.Journal, "--html", page);
        Assert.Equal(await File.ReadAllTextAsync(page), await finished.Client.GetStringAsync($"{ServiceCalls.Runs}/{finished.Id}/report.html"));
    }

    [Fact]
    public async Task Its_console_is_that_of_the_command_line()
    {
        string cli = Cli.Run("replay", finished.Journal, "--to", "console", "--guest", "ucos");
        Assert.NotEmpty(cli);
        Assert.Equal(cli, await finished.Client.GetStringAsync($"{ServiceCalls.Runs}/{finished.Id}/console/ucos"));
        Assert.Equal(cli, await finished.Client.GetStringAsync($"{ServiceCalls.Runs}/{finished.Id}/console/ucos?follow=true"));
    }

    /// <summary>Counted live from each record on its way; the summary is computed from the whole journal, and the run counted its probes by itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counters_of_a_run_come_to_its_summary(bool live)
    {
        string id = finished.Id;
        if (live)
        {
            id = await finished.Client.StartAsync("200ms");
            ulong events = 0;
            while ((await finished.Client.AskAsync(id)).State() is "running")
            {
                ulong now = (await finished.Client.AskAsync(id, "/counters")).GetProperty("events").GetUInt64();
                Assert.True(now >= events);
                events = now;
            }
        }

        JsonElement counters = await finished.Client.AskAsync(id, "/counters");
        JsonElement summary = await finished.Client.AskAsync(id, "/summary");
        foreach (string name in new[] { "hits", "ipis", "injections", "lost" })
        {
            Assert.Equal(summary.GetProperty(name).GetUInt64(), counters.GetProperty(name).GetUInt64());
        }

        Assert.Equal(Sum(summary, "cpus", "events"), counters.GetProperty("events").GetUInt64());
        Assert.Equal(Sum(summary, "cpus", "switches"), counters.GetProperty("switches").GetUInt64());
        Assert.True(counters.GetProperty("hits").GetUInt64() > 0);
        foreach ((JsonElement probe, JsonElement counted) in summary.GetProperty("probes").EnumerateArray().Zip(counters.GetProperty("probes").EnumerateArray()))
        {
            Assert.All(
                ProbeFields,
                name => Assert.Equal(probe.GetProperty(name).ToString(), counted.GetProperty(name).ToString()));
        }
    }

    [Fact]
    public async Task Its_functions_are_those_of_the_image_and_its_probe_sets_those_of_the_profile()
    {
        JsonElement sets = await finished.Client.AskAsync(finished.Id, "/probesets/ucos");
        Assert.Contains("switch", sets.GetProperty("items").EnumerateArray().Select(item => item.GetString()!), StringComparer.Ordinal);
        JsonElement symbols = await finished.Client.AskAsync(finished.Id, "/symbols/ucos?prefix=OSC&limit=5");
        string[] names = [.. symbols.GetProperty("items").EnumerateArray().Select(item => item.GetString()!)];
        Assert.Contains("OSCtxSw", names, StringComparer.Ordinal);
        Assert.All(names, name => Assert.StartsWith("OSC", name, StringComparison.Ordinal));
    }

    private static ulong Sum(JsonElement document, string list, string name) =>
        document.GetProperty(list).EnumerateArray().Aggregate(0ul, (sum, item) => sum + item.GetProperty(name).GetUInt64());

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    /// <summary>A service with a run that is over, and the journal that was downloaded from it.</summary>
    public sealed class FinishedRun : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
        private ServiceProcess _service = null!;

        public HttpClient Client => _service.Client;

        public string Id { get; private set; } = "";

        public JsonElement Run { get; private set; }

        public string Journal => PathOf("run.atj");

        public string PathOf(string name) => Path.Combine(_folder.FullName, name);

        public async Task InitializeAsync()
        {
            _service = ServiceProcess.Start(PathOf("data"));
            Id = await Client.StartAsync("200ms");
            Run = await Client.EndAsync(Id);
            Assert.Equal("completed", Run.State());
            await Client.DownloadAsync(Id, "journal", Journal);
        }

        public Task DisposeAsync()
        {
            _service.Dispose();
            Assert.Empty(Directory.EnumerateFileSystemEntries(PathOf("data/temporary")));
            _folder.Delete(recursive: true);
            return Task.CompletedTask;
        }
    }
}
