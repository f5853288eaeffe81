using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Runs;

/// <summary>What a run that has actors is doing.</summary>
public enum LivePhase
{
    /// <summary>It is executed again up to what is stored.</summary>
    Repeating,

    /// <summary>Simulated time goes on.</summary>
    Running,

    /// <summary>Simulated time is halted.</summary>
    Paused,

    /// <summary>It is over; what it came to is in the journal.</summary>
    Over,
}

/// <summary>A run that is being simulated, as others may look at it at any time; its <see cref="RunActor"/> alone changes it.</summary>
/// <param name="id">Its id in the journal.</param>
/// <param name="scenario">What is simulated.</param>
public sealed class LiveRun(RunId id, Scenario scenario)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private VirtualInstant now;
    private LivePhase phase = LivePhase.Running;

    /// <summary>Its id in the journal.</summary>
    public RunId Id { get; } = id;

    /// <summary>What is simulated.</summary>
    public Scenario Scenario { get; } = scenario;

    /// <summary>Up to where its records are stored.</summary>
    public StoredHorizon Stored { get; } = new();

    /// <summary>Done when it has no actors any more: nobody answers then.</summary>
    public Task Gone => gone.Task;

    /// <summary>Why it was ended from inside the service; null where it was not.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>What it is doing, and the simulated time that it has reached.</summary>
    public (LivePhase Phase, VirtualInstant Now) Present
    {
        get
        {
            lock (gate)
            {
                return (phase, now);
            }
        }
    }

    /// <summary>It does something else from now on.</summary>
    internal void Change(LivePhase next)
    {
        lock (gate)
        {
            phase = next;
        }
    }

    /// <summary>It has no actors any more.</summary>
    internal void Leave()
    {
        // Also where its actor broke.
        Change(LivePhase.Over);
        Stored.Close();
        gone.SetResult();
    }

    /// <summary>Simulated time went on.</summary>
    internal void Advance(VirtualInstant at)
    {
        lock (gate)
        {
            now = VirtualInstant.Max(now, at);
        }
    }
}
