using System.CommandLine;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace resume`: goes on with a run that was cut off.</summary>
internal static class ResumeCommand
{
    private const string Mend = "see 'actortrace list'; a run that was ended can only be run anew";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string?> run = JournalArguments.Run();
        Option<int?> threads = JournalArguments.Threads();
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "resume",
            "Goes on with a run that was cut off: executes it again from the journal alone, compares what is stored batch by batch, and writes the rest.")
        { journal, run, threads, json };
        command.SetAction((p, _) => ResumeAsync(
            context, p.GetRequiredValue(journal), p.GetValue(run), JournalArguments.CheckThreads(p.GetValue(threads)), p.GetValue(json)));
        return command;
    }

    private static async Task<int> ResumeAsync(CliContext context, string path, string? wanted, int threads, bool json)
    {
        (StoredRun stored, Scenario scenario) = Find(context, path, wanted);
        JournalFile.CheckWritable(path);
        var progress = new RunProgress(context.Error, context.ErrorIsTerminal, scenario.Duration, scenario.Board.Clock);
        EngineResult result;
        try
        {
            result = await context.Engine.RunAsync(scenario, new EngineOptions(path, threads) { Resume = stored }, progress, context.Stop);
        }
        finally
        {
            progress.Clear();
        }

        if (result.Reason.StartsWith("failed", StringComparison.Ordinal))
        {
            // Ended by Ctrl-C while it is repeated, a run has less than is stored, and nothing was written.
            context.Stop.ThrowIfCancellationRequested();
            throw new CliFailureException($"{path}: run {stored.Run} {result.Reason} (what was stored before is unchanged; where it differs, another version of the program made it)");
        }

        return RunCommand.Conclude(context, path, path, result, progress.Seconds, json);
    }

    /// <summary>The run that is meant; the journal is closed again, since it is written next.</summary>
    private static (StoredRun Stored, Scenario Scenario) Find(CliContext context, string path, string? wanted)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        string id = JournalArguments.Choose(journal, path, wanted);
        ITraceSource source = journal.Read(id);
        return source.Manifest.ImportedFrom is not null ? throw new InputException("--run", $"run {id} was imported, not executed", Mend)
            : journal.HashOf(id) is not null ? throw new InputException("--run", $"run {id} was written to its end", Mend)
            : (journal.Stored(id), StoredScenario.Load($"{path}#{id}", source));
    }
}
