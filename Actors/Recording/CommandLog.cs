using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Recording;

/// <summary>The stream of what was written to the control files from outside. Each command is a batch: it is stored before time goes on.</summary>
/// <param name="scenario">Its commands are those of an earlier execution.</param>
public sealed class CommandLog(Scenario scenario)
{
    private ulong count;

    /// <summary>The recorder of the stream.</summary>
    public StreamRecorder Stream { get; } = new(StreamNames.Commands, ulong.MaxValue);

    /// <summary>The batches of an earlier execution; to be taken once, before the first command is added.</summary>
    public IReadOnlyList<StoreBatch> Repeated() => [.. scenario.Commands.Select(Add)];

    /// <summary>Adds a command.</summary>
    /// <returns>The batch to store.</returns>
    public StoreBatch Add(ControlWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Stream.Add(new CommandRecord(new Stamp(write.At, SourceId.Outside, count++), write.File, write.Value), write.At);
        return Stream.Take(true)[0];
    }
}
