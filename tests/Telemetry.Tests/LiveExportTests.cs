using System.Diagnostics;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Spans;
using Google.Protobuf;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A run is exported while it is simulated, whatever becomes of the receiver and the service.</summary>
public sealed class LiveExportTests : IDisposable
{
    private static readonly string[] WayDown = ["SimulationActor StopRun", "RunActor EndRun", "RunsActor CommandRun", "request"];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("actortrace");

    private string Marks => Path.Combine(_data.FullName, "to-export");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Spans_arrive_while_the_run_lives_and_are_those_of_a_later_export()
    {
        await using Receiver receiver = await Receiver.StartAsync(keeps: true);
        await using LiveService service = await LiveService.StartAsync(_data.FullName, receiver.Grpc, OtlpTarget.Grpc);
        RunStatus run = await service.Runs.StartAsync(LiveService.Paper("2s"), paused: true);

        await service.Runs.StepAsync(run.Id, 700_000_000);
        await LiveService.UntilAsync(() => receiver.Spans.Count, count => count > 0);
        Assert.Equal(RunState.Paused, service.Runs.Find(run.Id)!.State);
        await service.Runs.StepAsync(run.Id, 100_000_000);
        await service.Runs.StopAsync(run.Id);

        await ExportedAsync();
        Assert.Equal(Expected(service, run.Id), Arrived(receiver));
    }

    [Fact]
    public async Task A_receiver_that_comes_late_gets_everything()
    {
        await using Receiver receiver = await Receiver.StartAsync(keeps: true);
        await receiver.KillAsync();
        await using LiveService service = await LiveService.StartAsync(_data.FullName, receiver.Http);
        RunStatus run = await service.Runs.StartAsync(LiveService.Paper("300ms"), paused: false);
        await service.UntilAsync(run.Id, status => status.State == RunState.Completed);
        Assert.Empty(receiver.Spans);

        await receiver.StartAgainAsync();

        await ExportedAsync();
        Assert.Equal(Expected(service, run.Id), Arrived(receiver));
    }

    [Fact]
    public async Task A_service_that_ended_before_a_run_was_exported_exports_it_when_it_is_started_again()
    {
        string run;
        await using (LiveService first = await LiveService.StartAsync(_data.FullName, new Uri("http://127.0.0.1:1")))
        {
            run = (await first.Runs.StartAsync(LiveService.Paper("200ms"), paused: false)).Id;
            await first.UntilAsync(run, status => status.State == RunState.Completed);
            await LiveService.UntilAsync(() => Directory.Exists(Marks) && Directory.EnumerateFiles(Marks).Any(), marked => marked);
        }

        await using Receiver receiver = await Receiver.StartAsync(keeps: true);
        await using LiveService second = await LiveService.StartAsync(_data.FullName, receiver.Http);

        await ExportedAsync();
        Assert.Equal(Expected(second, run), Arrived(receiver));
    }

    [Fact]
    public async Task What_the_actors_do_of_a_command_are_spans_below_its_own()
    {
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "ActorTrace.Actors" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using LiveService service = await LiveService.StartAsync(_data.FullName, null);
        RunStatus run = await service.Runs.StartAsync(LiveService.Paper("10s"), paused: true);

        using (Activity request = source.StartActivity("request")!)
        {
            await service.Runs.StopAsync(run.Id);
        }

        Activity[] all = await LiveService.UntilAsync(() => Snapshot(), spans => spans.Any(s => s.OperationName is "SimulationActor StopRun"));
        var parents = all.ToDictionary(a => a.SpanId);
        var path = new List<string>();
        for (Activity? at = all.Single(s => s.OperationName is "SimulationActor StopRun"); at is not null; at = parents.GetValueOrDefault(at.ParentSpanId))
        {
            path.Add(at.OperationName);
        }

        Assert.Equal(WayDown, path, StringComparer.Ordinal);

        Activity[] Snapshot()
        {
            lock (ended)
            {
                return [.. ended];
            }
        }
    }

    [Fact]
    public async Task Metrics_can_be_scraped()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using LiveService service = await LiveService.StartAsync(_data.FullName, receiver.Http);
        using var client = new HttpClient { BaseAddress = service.Address };
        RunStatus run = await service.Runs.StartAsync(LiveService.Paper("10s"), paused: true);
        await service.Runs.StepAsync(run.Id, 300_000_000);
        await LiveService.UntilAsync(() => receiver.Spans.Count, count => count > 0);

        string[] lines = (await client.GetStringAsync("/metrics")).Split('\n');

        Assert.Contains(lines, line => line.StartsWith("actortrace_runs", StringComparison.Ordinal) && line.Contains("state=\"paused\"", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("actortrace_run_simulated_seconds{", StringComparison.Ordinal) && line.Contains($"run=\"{run.Id}\"", StringComparison.Ordinal) && line.Contains("} 0.3", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("actortrace_export_accepted", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_process_memory_working_set", StringComparison.Ordinal));
    }

    private static string[] Expected(LiveService service, string run)
    {
        using IOpenRun open = service.Runs.Open(run);
        return
        [
            .. RunSpans.Of(new SpanSource(open, run, ImageSymbols.Of(open.Manifest)), SpanKinds.Causal | SpanKinds.Lanes)
                .Select(s => $"{s.Id.Trace:x32} {s.Id.Span:x16} {s.Name} {s.Start}").Order(StringComparer.Ordinal),
        ];
    }

    private static string[] Arrived(Receiver receiver) =>
    [
        .. receiver.Kept.Select(k => k.Span).DistinctBy(s => (s.TraceId, s.SpanId))
            .Select(s => $"{Hex(s.TraceId)} {Hex(s.SpanId)} {s.Name} {s.Attributes.Single(a => a.Key is "sim.ns").Value.IntValue}").Order(StringComparer.Ordinal),
    ];

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    private Task ExportedAsync() => LiveService.UntilAsync(() => Directory.Exists(Marks) && !Directory.EnumerateFiles(Marks).Any(), done => done);
}
