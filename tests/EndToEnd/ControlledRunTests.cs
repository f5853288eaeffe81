using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Service;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrace.EndToEnd;

/// <summary>Runs of the service that are paused, stepped, controlled and followed from outside.</summary>
public sealed class ControlledRunTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = Workspace.Temporary();
    private DataFolder? _data;
    private WebApplication? _app;

    private IRuns Runs => _app!.Services.GetRequiredService<IRuns>();

    public Task InitializeAsync() => StartAsync();

    public Task DisposeAsync() => StopAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_was_controlled_from_outside_is_repeated_by_verify_and_by_the_reference_engine()
    {
        RunStatus run = await Runs.StartAsync(Scenario("400ms"), paused: true);
        Assert.Equal(RunState.Paused, run.State);
        var random = new Random(7);
        foreach ((string file, string value) in new[]
        {
            ("trace/guest", "ucos"), ("trace/symbol", "OSTimeDly"), ("trace/enable", "1"), ("trace/enable", "0"),
            ("trace/probes", "switch"), ("trace/nonsense", "1"), ("trace/enable", "1"),
        })
        {
            if (random.Next(2) == 0)
            {
                _ = await Runs.StepAsync(run.Id, (ulong)random.Next(1, 40_000_000));
            }

            _ = await Runs.WriteControlAsync(run.Id, file, value);
        }

        _ = await Runs.ContinueAsync(run.Id);
        _ = await Runs.WriteControlAsync(run.Id, "trace/status", "read");
        RunStatus ended = await EndAsync(run.Id);
        Assert.Equal(RunState.Completed, ended.State);

        ControlRecord[] writes = [.. Read(run.Id, StreamNames.Control).OfType<ControlRecord>()];
        Assert.Equal(8, writes.Length);
        Assert.Contains("error: there is no file", writes[5].Result, StringComparison.Ordinal);
        Assert.Equal("ok", writes[6].Result);
        Assert.NotEmpty(Read(run.Id, StreamNames.Lane(2)).OfType<SwitchRecord>());

        string copy = _folder.File("copy.atj");
        Runs.CopyJournal(run.Id, copy);
        SimulatedRun reference = SimulatedRun.Sequentially(Runs.ScenarioOf(run.Id));
        Assert.Equal(ended.Hash, reference.Outcome.Hash);
        await StopAsync();
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await CommandLine.RunAsync(
            ["verify", copy], new CliContext(output, errors, new SimulationEngine(), new JournalFiles(), CancellationToken.None));
        Assert.True(code == 0, errors.ToString());
        Assert.Contains(ended.Hash!, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public async Task Who_follows_a_run_sees_the_events_of_its_replay(TraceView view)
    {
        RunStatus run = await Runs.StartAsync(ScenarioLoader.LoadFile(Workspace.Scenario("arndale"), new ScenarioChanges("500ms", false)), paused: true);
        Task<string[]> followed = Task.Factory.StartNew(
            () =>
            {
                using IOpenRun source = Runs.Follow(run.Id, CancellationToken.None);
                return Lines(source, view);
            },
            TaskCreationOptions.LongRunning);
        _ = await Runs.ContinueAsync(run.Id);
        _ = await EndAsync(run.Id);
        using IOpenRun stored = Runs.Open(run.Id);
        string[] expected = Lines(stored, view);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await followed);
    }

    [Fact]
    public async Task A_paused_run_shows_all_that_happened_before()
    {
        RunStatus run = await Runs.StartAsync(ScenarioLoader.LoadFile(Workspace.Scenario("arndale"), new ScenarioChanges("500ms", false)), paused: true);
        RunStatus rested = await Runs.StepAsync(run.Id, 30_000_000);
        Assert.Equal(RunState.Paused, rested.State);
        AssertStepped(run, rested, 30_000_000);
        int before = Read(run.Id, StreamNames.Lane(0)).Count;
        Assert.NotEqual(0, before);
        RunStatus next = await Runs.StepAsync(run.Id, 1_000_000);
        AssertStepped(rested, next, 1_000_000);
        Assert.True(Read(run.Id, StreamNames.Lane(0)).Count > before, "Android switches tasks within a millisecond.");
        Assert.Equal(RunState.Interrupted, (await Runs.StopAsync(run.Id)).State);
    }

    [Fact]
    public async Task A_service_that_ends_leaves_runs_that_can_be_continued_to_the_same_hash()
    {
        RunStatus run = await Runs.StartAsync(Scenario("400ms"), paused: true);
        _ = await Runs.StepAsync(run.Id, 20_000_000);
        _ = await Runs.WriteControlAsync(run.Id, "trace/guest", "ucos");
        _ = await Runs.WriteControlAsync(run.Id, "trace/probes", "switch");
        _ = await Runs.WriteControlAsync(run.Id, "trace/enable", "1");
        _ = await Runs.StepAsync(run.Id, 150_000_000);
        await StopAsync();
        await StartAsync();
        Assert.Equal(RunState.Unfinished, Runs.Find(run.Id)!.State);
        _ = await Runs.ContinueAsync(run.Id);
        RunStatus ended = await EndAsync(run.Id);
        Assert.Equal(SimulatedRun.Sequentially(Runs.ScenarioOf(run.Id)).Outcome.Hash, ended.Hash);
        await Runs.DeleteAsync(run.Id);
        Assert.Empty(Runs.List());
    }

    /// <summary>A step ends where it is to end, or with the trap that began before.</summary>
    private static void AssertStepped(RunStatus from, RunStatus to, ulong nanoseconds) =>
        Assert.InRange(to.SimulatedNs - from.SimulatedNs, nanoseconds, nanoseconds + 50_000);

    private static Scenario Scenario(string duration) =>
        ScenarioLoader.LoadFile(Workspace.Scenario("arndale"), new ScenarioChanges(duration, NoTrace: true));

    private static string[] Lines(ITraceSource source, TraceView view)
    {
        using var text = new MemoryStream();
        _ = TraceFormats.Ftrace.ToStream(new Replay(source, view), text);
        string[] lines = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n');

        // In the board view who follows learns which task a vCPU began with when its first record comes.
        return view == TraceView.Gpos ? lines : [.. lines.Select(line => line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..])];
    }

    private async Task<RunStatus> EndAsync(string id)
    {
        while (Runs.Find(id) is { IsLive: true })
        {
            await Task.Delay(50);
        }

        return Runs.Find(id)!;
    }

    private List<TraceRecord> Read(string id, string stream)
    {
        using IOpenRun run = Runs.Open(id);
        return [.. run.ReadStream(stream)];
    }

    private async Task StartAsync()
    {
        var options = new ServiceOptions { DataFolder = _folder.File("data"), Urls = ["http://127.0.0.1:0"] };
        _data = DataFolder.Take(options);
        _app = ServiceHost.Build(options, _data);
        await _app.StartAsync();
    }

    private async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
            _data!.Dispose();
        }
    }
}
