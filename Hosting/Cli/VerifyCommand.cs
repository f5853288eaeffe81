using System.CommandLine;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace verify`: executes a recorded run again, from the journal alone, and compares every record.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string?> run = JournalArguments.Run();
        var command = new Command(
            "verify",
            "Executes a recorded run again from the journal alone and compares every stream record by record.")
        { journal, run };
        command.SetAction((p, _) => VerifyAsync(context, p.GetRequiredValue(journal), p.GetValue(run)));
        return command;
    }

    private static async Task<int> VerifyAsync(CliContext context, string path, string? wanted)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        string id = JournalArguments.Choose(journal, path, wanted);
        ITraceSource recorded = journal.Read(id);
        CheckInvariants(path, id, recorded);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace-verify-");
        try
        {
            string again = Path.Combine(folder.FullName, "again.atj");
            Scenario scenario = ScenarioLoader.Load($"{path}#{id}", recorded.Manifest.Scenario, new StoredScenarioFiles(recorded.Manifest.Files));
            var progress = new RunProgress(context.Error, context.ErrorIsTerminal, scenario.Duration, scenario.Board.Clock);
            EngineResult result = await context.Engine.RunAsync(scenario, new EngineOptions(again, Environment.ProcessorCount), progress, context.Stop);
            progress.Clear();
            context.Stop.ThrowIfCancellationRequested();
            using IOpenJournal repeated = context.Journals.Open(again);
            ulong records = Compare(path, id, journal, repeated, result.RunId);
            context.Out.WriteLine($"run {id}: {Rendering.Number(records)} records are equal, run hash {result.RunHash}");
            return ExitCodes.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void CheckInvariants(string path, string id, ITraceSource source)
    {
        var invariants = new TraceInvariants(TraceMerger.CpuCount(source.Manifest, TraceView.Gpos));
        TraceExport.Send(source, TraceView.Gpos, invariants);
        if (invariants.Violations is [{ } first, ..])
        {
            throw new CliFailureException($"{path}: run {id}: {invariants.Count} broken rules of a trace, first: {first} (please report it)");
        }
    }

    private static ulong Compare(string path, string id, IOpenJournal recorded, IOpenJournal repeated, string repeatedId)
    {
        IReadOnlyList<string> streams = recorded.Streams(id);
        if (!streams.SequenceEqual(repeated.Streams(repeatedId), StringComparer.Ordinal))
        {
            throw Difference(path, id, "the streams differ: " + string.Join(", ", repeated.Streams(repeatedId)));
        }

        ITraceSource first = recorded.Read(id);
        ITraceSource second = repeated.Read(repeatedId);
        ulong records = 0;
        foreach (string stream in streams.Where(s => s is not StreamNames.Inputs))
        {
            ulong index = 0;
            using IEnumerator<TraceRecord> left = first.ReadStream(stream).GetEnumerator();
            using IEnumerator<TraceRecord> right = second.ReadStream(stream).GetEnumerator();
            while (true)
            {
                bool one = left.MoveNext();
                bool other = right.MoveNext();
                if (!one && !other)
                {
                    break;
                }

                if (one != other || !left.Current.Equals(right.Current))
                {
                    string was = one ? left.Current.ToString() : "its end";
                    string now = other ? right.Current.ToString() : "its end";
                    throw Difference(path, id, $"{stream} record {index}: recorded {was}, repeated {now}");
                }

                index++;
            }

            records += index;
        }

        if (!string.Equals(recorded.HashOf(id), repeated.HashOf(repeatedId), StringComparison.Ordinal))
        {
            throw Difference(path, id, "the run hashes differ");
        }

        return records;
    }

    private static CliFailureException Difference(string path, string id, string what) =>
        new($"{path}: run {id}: {what} (another version of the program made it, or a rule of determinism is broken)");
}
