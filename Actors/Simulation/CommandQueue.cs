using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// Commands from outside on their way into simulated time: between two windows each is stamped with the end of the last one and
/// stored, and only then the next window is granted. So a repetition finds it in the journal.
/// </summary>
/// <param name="scenario">The scenario.</param>
/// <param name="log">The stream of commands.</param>
internal sealed class CommandQueue(Scenario scenario, CommandLog log)
{
    private readonly Queue<StampCommand> waiting = [];
    private (StampCommand Command, ControlWrite Write)? underWay;

    /// <summary>True where none is taken yet.</summary>
    public bool Held { get; set; }

    /// <summary>Whether one is to be stamped.</summary>
    public bool Waits => waiting.Count > 0 && !Held;

    /// <summary>The core of the guest that has the control files.</summary>
    public CoreId Core { get; } = scenario.Guests.FirstOrDefault(g => g.Profiler)?.Core ?? default;

    /// <summary>Takes a command.</summary>
    public void Add(StampCommand command) => waiting.Enqueue(command);

    /// <summary>Stamps the next command and sends it to the journal.</summary>
    /// <param name="end">The end of the last window.</param>
    /// <param name="outbox">Takes the batch.</param>
    /// <returns>Its time; null where there is none.</returns>
    public VirtualInstant? TryStamp(VirtualInstant end, IOutbox outbox)
    {
        if (!Waits)
        {
            return null;
        }

        StampCommand command = waiting.Dequeue();
        underWay = (command, new ControlWrite(end, command.File, command.Value));
        outbox.Send(Address.Journal, log.Add(underWay.Value.Write));
        return end;
    }

    /// <summary>It is stored: the GPOS gets it, and whoever gave it is told.</summary>
    public void Release(IOutbox outbox)
    {
        (StampCommand command, ControlWrite write) = underWay ?? throw new InvalidOperationException("No command is under way.");
        underWay = null;
        outbox.Send(Address.Of(Role.Core, Core), new QueueControlWrite(write));
        outbox.Send(Address.Simulation, new CommandStored(command.Ticket, write.At));
    }
}
