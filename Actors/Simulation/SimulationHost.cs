using System.Globalization;
using ActorTrace.Actors.Recording;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.Configuration;

namespace ActorTrace.Actors.Simulation;

/// <summary>A run that was stored.</summary>
/// <param name="Id">Its id in the journal.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record JournaledRun(RunId Id, RunOutcome Outcome);

/// <summary>Runs a scenario in an actor system of its own.</summary>
public static class SimulationHost
{
    /// <summary>Runs a board and keeps what it records in memory.</summary>
    /// <param name="board">The board; it can run once.</param>
    /// <param name="journal">Takes the records.</param>
    /// <param name="threads">Host threads for the actors, at least 1; they change the speed and nothing else.</param>
    /// <param name="progress">Told how far simulated time has come.</param>
    /// <param name="stop">Ends the run at the next window boundary.</param>
    public static async Task<RunOutcome> RunInMemoryAsync(
        SimulatedBoard board, MemoryJournal journal, int threads, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        ActorSystem system = ActorSystem.Create("actortrace", Configuration(threads));
        try
        {
            Props props = Props.Create(() => new MemoryJournalActor(journal));
            return await RunAsync(system, board, props, progress, stop);
        }
        finally
        {
            await system.Terminate();
        }
    }

    /// <summary>Runs a board into a journal file.</summary>
    /// <param name="board">The board; it can run once.</param>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="threads">Host threads for the actors, at least 1; they change the speed and nothing else.</param>
    /// <param name="progress">Told how far simulated time has come.</param>
    /// <param name="stop">Ends the run at the next window boundary.</param>
    public static async Task<JournaledRun> RunIntoAsync(
        SimulatedBoard board, JournalWriter writer, int threads, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(writer);
        RunId id = writer.AllocateRun(board.Inputs.Digest);
        return new JournaledRun(id, await RunIntoAsync(board, writer, RunJournalActor.Props(id), threads, progress, stop));
    }

    /// <summary>Executes a run again that was cut off, compares it with what is stored, and goes on from there.</summary>
    /// <param name="board">The board, built from the run's own inputs; it can run once.</param>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="stored">What is stored of the run.</param>
    /// <param name="threads">Host threads for the actors, at least 1; they change the speed and nothing else.</param>
    /// <param name="progress">Told how far simulated time has come.</param>
    /// <param name="stop">Ends the run at the next window boundary.</param>
    public static async Task<JournaledRun> ResumeAsync(
        SimulatedBoard board, JournalWriter writer, StoredRun stored, int threads, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(stored);
        return new JournaledRun(stored.Run, await RunIntoAsync(board, writer, RunJournalActor.Props(stored), threads, progress, stop));
    }

    private static async Task<RunOutcome> RunIntoAsync(
        SimulatedBoard board, JournalWriter writer, Props journal, int threads, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        ActorSystem system = ActorSystem.Create("actortrace", writer.Setup(Configuration(threads)));
        try
        {
            return await RunAsync(system, board, Props.Create(() => new RunJournalGateway(journal)), progress, stop);
        }
        finally
        {
            await system.Terminate();
        }
    }

    /// <summary>The settings of an actor system for runs.</summary>
    public static Config Configuration(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              actor.default-dispatcher {
                type = ForkJoinDispatcher
                throughput = 64
                dedicated-thread-pool {
                  thread-count = {{threads}}
                  threadtype = background
                }
              }
            }
            """));
    }

    /// <summary>Runs a board in an actor system.</summary>
    internal static async Task<RunOutcome> RunAsync(
        ActorSystem system, SimulatedBoard board, Props journal, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        IActorRef run = system.ActorOf(Props.Create(() => new SimulationActor(board, journal, progress)), "run");
        Task<RunFinished> finished = run.Ask<RunFinished>(new StartRun(), Timeout.InfiniteTimeSpan, CancellationToken.None);
        await using CancellationTokenRegistration registration = stop.Register(() => run.Tell(new StopRun()));
        return (await finished).Outcome;
    }
}
