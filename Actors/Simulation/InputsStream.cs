using System.Security.Cryptography;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Simulation;

/// <summary>The first stream of a run: its manifest with every file that went into it.</summary>
public sealed class InputsStream
{
    /// <summary>Version of the record schema.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the manifest of a scenario.</summary>
    public InputsStream(Scenario scenario, TraceTopology topology)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(topology);
        GuestManifest[] guests =
        [
            .. scenario.Guests.Select((g, i) => new GuestManifest(
                g.Name, scenario.Guests.Take(i).Sum(earlier => earlier.VcpuCores.Count), g.VcpuCores, g.PidBase)),
        ];
        InputFile[] files = [.. scenario.Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new InputFile(f.Path, f.Content))];
        Manifest = new RunManifest(
            SchemaVersion, scenario.Name, scenario.Board.Clock, scenario.Board.Cores, guests, topology.Lanes, scenario.SourceText, files);
        byte[] bytes = RunManifestCodec.Encode(Manifest);
        Digest = SHA256.HashData(bytes);
        Batch = new StoreBatch(StreamNames.Inputs, new TraceBatch(1, VirtualInstant.Zero, VirtualInstant.Zero, 1, bytes));
    }

    /// <summary>The manifest.</summary>
    public RunManifest Manifest { get; }

    /// <summary>SHA-256 of the stream.</summary>
    public byte[] Digest { get; }

    /// <summary>The stream's only batch.</summary>
    public StoreBatch Batch { get; }
}
