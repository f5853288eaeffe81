using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd;

/// <summary>A finished run whose records are in memory and whose guests can be looked into.</summary>
internal sealed record SimulatedRun(SimulatedBoard Board, RunOutcome Outcome, MemoryJournal Journal)
{
    /// <summary>Runs a scenario of the repository with the actors.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="edits">Replacements in its text, each of which must occur.</param>
    public static SimulatedRun ByActors(string name, params (string From, string To)[] edits) => ByActors(Load(name, edits), 2);

    public static SimulatedRun ByActors(Scenario scenario, int threads)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        MemoryJournal journal = new();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, journal, threads, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        return new SimulatedRun(board, outcome, journal);
    }

    /// <summary>Runs it with the sequential reference engine.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="others">Makes parts that take the places of the board's own; null for none.</param>
    public static SimulatedRun Sequentially(Scenario scenario, Func<SimulatedBoard, IEnumerable<IPart>>? others = null)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        SequentialEngine engine = new(board, others?.Invoke(board) ?? []);
        RunOutcome outcome = engine.Run();
        MemoryJournal journal = new();
        foreach (Journal.Streams.StoreBatch batch in engine.Batches)
        {
            journal.Add(batch);
        }

        return new SimulatedRun(board, outcome, journal);
    }

    public static Scenario Load(string name, params (string From, string To)[] edits)
    {
        string path = Workspace.Scenario(name);
        string text = File.ReadAllText(path);
        foreach ((string from, string to) in edits)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return LoadText(path, text);
    }

    public static Scenario LoadText(string path, string text) => ScenarioLoader.Load(path, text, DiskScenarioFiles.Beside(path));

    public GuestLease Guest(string name) => Board.GuestLeases.Single(g => string.Equals(g.Spec.Name, name, StringComparison.Ordinal));

    public IEnumerable<T> Records<T>(string stream)
        where T : TraceRecord => Journal.Read(stream).OfType<T>();

    /// <summary>What a guest printed.</summary>
    public string Console(string guest)
    {
        GuestLease lease = Guest(guest);
        return string.Concat(Records<ConsoleRecord>(StreamNames.Core(lease.Spec.Core.Index)).Where(c => c.Vcpu.Guest == lease.Id).Select(c => c.Text));
    }

    public IReadOnlyList<ProbeCountsRecord> Probes => [.. Records<ProbeCountsRecord>(StreamNames.Control)];

    /// <summary>The gpos view of the run, as the unmodified trace-cmd reads it.</summary>
    public TraceCmdLog Log()
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string file = folder.File("trace.dat");
        TraceFormats.TraceDat.ToFile(new Replay(new MemorySource(Journal), TraceView.Gpos), file);
        return TraceCmdLog.Open(file);
    }
}
