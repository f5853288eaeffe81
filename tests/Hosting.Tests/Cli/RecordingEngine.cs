using System.Security.Cryptography;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>Stands in for the simulation: writes a small run with known records into a real journal.</summary>
internal sealed class RecordingEngine : IEngine
{
    public string Reason { get; set; } = "completed";

    /// <summary>How many switches a run records; changed between runs to make one that differs.</summary>
    public int Switches { get; set; } = 4;

    public List<EngineOptions> Calls { get; } = [];

    public async Task<EngineResult> RunAsync(
        Scenario scenario, EngineOptions options, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        Calls.Add(options);
        byte[] manifest = RunManifestCodec.Encode(Manifest(scenario));
        using JournalWriter journal = JournalWriter.Open(options.JournalPath);
        RunId run = journal.AllocateRun(SHA256.HashData(manifest));
        using var system = ActorSystem.Create("test", journal.Setup());
        IActorRef writer = system.ActorOf(RunJournalActor.Props(run));
        await Store(writer, StreamNames.Inputs, 1, manifest);
        await Store(writer, StreamNames.Lane(0), Switches, Pack([.. Enumerable.Range(0, Switches).Select(Switch)]));
        await Store(writer, StreamNames.Control, 1, Pack(new RunEndRecord(Cause(9), scenario.Duration, Reason, 1234)));
        RunStored stored = await writer.Ask<RunStored>(FinishRun.Instance, TimeSpan.FromSeconds(30), stop);
        await system.Terminate();
        return new EngineResult(run.ToString(), stored.Hash, scenario.Duration, Reason);
    }

    /// <summary>Task 2001 and idle take turns, 1 ms each, from 1 ms on.</summary>
    public static SwitchRecord Switch(int index)
    {
        var at = new VirtualInstant((ulong)(index + 1) * 1_000_000);
        var task = new TaskReference(2001, "RTOS-Task1", 4);
        var idle = new TaskReference(0, "swapper/0", 120);
        bool starts = index % 2 == 0;
        return new SwitchRecord(
            Cause(index), at, at, new VcpuId(new GuestId(0), 0), new CoreId(0), starts ? idle : task, starts ? 0u : 1u, starts ? task : idle);
    }

    private static RunManifest Manifest(Scenario scenario) => new(
        1, scenario.Name, scenario.Board.Clock, scenario.Board.Cores,
        [.. scenario.Guests.Select((g, i) => new GuestManifest(g.Name, i, [g.Core], g.PidBase))],
        [new LaneManifest(new VcpuId(new GuestId(0), 0), new CoreId(0), -1)], scenario.SourceText,
        [.. scenario.Files.Select(f => new InputFile(f.Path, f.Content))]);

    private static Stamp Cause(int sequence) => new(new VirtualInstant((ulong)sequence), SourceId.Outside, (ulong)sequence);

    private static byte[] Pack(params TraceRecord[] records)
    {
        using var writer = new RecordWriter();
        foreach (TraceRecord record in records)
        {
            writer.Add(record);
        }

        return writer.Written.ToArray();
    }

    private static Task<BatchStored> Store(IActorRef writer, string stream, int records, byte[] payload) => writer.Ask<BatchStored>(
        new StoreBatch(stream, new TraceBatch(1, VirtualInstant.Zero, new VirtualInstant(9), records, payload)), TimeSpan.FromSeconds(30));
}
