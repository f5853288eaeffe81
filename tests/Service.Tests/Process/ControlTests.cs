using System.Net;
using System.Text.Json;

namespace ActorTrace.Service.Tests.Process;

/// <summary>The control tree of a live run, as a shell uses it.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private readonly ServiceProcess _service;

    public ControlTests() => _service = ServiceProcess.Start(Path.Combine(_folder.FullName, "data"));

    private HttpClient Client => _service.Client;

    public void Dispose()
    {
        _service.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Files_are_listed_read_and_written_as_text()
    {
        string id = await Client.StartAsync("10s", edit: ServiceCalls.Untraced);
        Assert.Equal("guests\ntrace/\ntrace_pipe\n", await Client.GetStringAsync($"{ServiceCalls.Runs}/{id}/control"));
        Assert.Equal("android\nucos\n", await Client.CatAsync(id, "guests"));
        Assert.Equal("address\nenable\nend_ns\nfilter\nguest\nprobes\nstart_ns\nstatus\nsymbol\n", await Client.CatAsync(id, "trace"));
        Assert.Equal("0\n", await Client.CatAsync(id, "trace/enable"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await Client.EchoAsync(id, "guest", "ucos"));
        Assert.Equal("ucos\n", await Client.CatAsync(id, "trace/guest"));
        (HttpStatusCode status, string text) = await Client.EchoAsync(id, "symbol", "NoSuchFunction");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("error: there is no symbol 'NoSuchFunction'", text, StringComparison.Ordinal);
        Assert.Equal(text, await Client.CatAsync(id, "trace/status"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await Client.EchoAsync(id, "symbol", "OSTimeTick"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await Client.EchoAsync(id, "enable", "1"));
        Assert.Equal("OSTimeTick\n", await Client.CatAsync(id, "trace/symbol"));
        Assert.Equal("1\n", await Client.CatAsync(id, "trace/enable"));
        await Client.WaitAsync(id, _ => Client.AskAsync(id, "/counters").Result.GetProperty("hits").GetUInt64() > 0);
        Assert.Equal("OSTimeTick", (await Client.AskAsync(id, "/counters")).GetProperty("probes")[0].GetProperty("name").GetString());
        await Client.PostAsync(id, "stop");
        using var body = new StringContent("1");
        using HttpResponseMessage late = await Client.PutAsync($"{ServiceCalls.Runs}/{id}/control/trace/enable", body);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        _ = await Problem.OfAsync(late);
    }

    [Fact]
    public async Task A_write_to_a_paused_run_is_pending_and_takes_effect_when_it_goes_on()
    {
        string id = await Client.StartAsync("10s", paused: true, edit: ServiceCalls.Untraced);
        Assert.Equal((HttpStatusCode.Accepted, "pending\n"), await Client.EchoAsync(id, "guest", "ucos"));
        Assert.Equal("\n", await Client.CatAsync(id, "trace/guest"));
        JsonElement stepped = await Client.PostAsync(id, "step", """{"ns":1000000}""");
        Assert.Equal("paused", stepped.State());
        Assert.InRange(stepped.GetProperty("simulatedNs").GetUInt64(), 1_000_000ul, 10_000_000ul);
        await Client.PostAsync(id, "continue");
        await Client.WaitAsync(id, _ => Client.CatAsync(id, "trace/guest").Result is "ucos\n");
        await Client.PostAsync(id, "stop");
    }

    [Fact]
    public async Task The_pipe_gives_the_text_of_the_replay_as_it_comes()
    {
        string id = await Client.StartAsync("300ms");
        string pipe = await Client.CatAsync(id, "trace_pipe?view=board");
        await Client.EndAsync(id);
        string text = await Client.GetStringAsync($"{ServiceCalls.Runs}/{id}/replay/ftrace?view=board");
        string[] lines = [.. text.Split('\n').Where(line => !line.StartsWith('#'))];
        Assert.Equal(lines, pipe.Split('\n'));
        Assert.InRange(lines.Length, 1000, 1_000_000);
    }

    /// <summary>Commands at random moments of real time: what they came to is in the journal, from which the run comes again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_controlled_run_is_as_repeatable_as_a_scripted_one(int seed)
    {
        var random = new Random(seed);
        string id = await Client.StartAsync("1s", paused: random.Next(2) == 0, edit: ServiceCalls.Untraced);
        (string File, string[] Values)[] commands =
        [
            ("guest", ["ucos"]), ("probes", ["switch", "switch+wakeup"]), ("symbol", ["OSTimeTick", "OSTimeDly", "Nowhere"]), ("enable", ["0", "1", "1", "2"]),
            ("filter", ["none", "every=2"]),
        ];
        var accepted = new List<(string File, string Value)>();
        int done = 0;
        for (int i = 0; i < 12; i++)
        {
            (string file, string[] values) = commands[random.Next(commands.Length)];
            string value = values[random.Next(values.Length)];
            HttpStatusCode status = (await Client.EchoAsync(id, file, value)).Status;
            if (status is HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                accepted.Add(("trace/" + file, value));
                done = status is HttpStatusCode.OK ? accepted.Count : done;
            }

            await ActAsync(random, id);
        }

        string journal = Path.Combine(_folder.FullName, $"{seed}.atj");
        JsonElement run = await FinishAsync(id);
        await Client.DownloadAsync(id, "journal", journal);
        Assert.Contains(run.GetProperty("hash").GetString()!, Cli.Run("verify", journal), StringComparison.Ordinal);
        JsonElement[] written = [.. (await Client.AskAsync(id, "/summary")).GetProperty("commands").EnumerateArray()];

        // What was pending when the run ended took no effect any more.
        Assert.InRange(written.Length, done, accepted.Count);
        Assert.Equal(accepted.Take(written.Length), written.Select(c => (c.GetProperty("file").GetString()!, c.GetProperty("value").GetString()!)));
    }

    private async Task ActAsync(Random random, string id)
    {
        string action = random.Next(6) switch { 0 => "pause", 1 or 2 => "continue", 3 => "step", _ => "" };
        if (action.Length > 0)
        {
            using HttpContent? body = action is "step" ? new StringContent("""{"ns":2500000}""", System.Text.Encoding.UTF8, "application/json") : null;
            using HttpResponseMessage response = await Client.PostAsync($"{ServiceCalls.Runs}/{id}/{action}", body);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, response.StatusCode.ToString());
        }

        await Task.Delay(random.Next(60));
    }

    private async Task<JsonElement> FinishAsync(string id)
    {
        if ((await Client.AskAsync(id)).State() is "paused")
        {
            await Client.PostAsync(id, "continue");
        }

        JsonElement run = await Client.EndAsync(id);
        Assert.Equal("completed", run.State());
        return run;
    }
}
