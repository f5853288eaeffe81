using System.CommandLine;
using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace verify`: executes a recorded run again, from the journal alone, and compares every record.</summary>
internal static class VerifyCommand
{
    private const ulong Slack = 10;
    private const string Why = "another version of the program made it, or a rule of determinism is broken";

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
        if (recorded.Manifest.ImportedFrom is { } file)
        {
            throw new CliFailureException($"{path}: run {id} was imported from {file} and cannot be executed again (only simulated runs can be verified)");
        }

        CheckInvariants(path, id, recorded);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace-verify-");
        try
        {
            string again = Path.Combine(folder.FullName, "again.atj");
            Scenario scenario = StoredScenario.Load($"{path}#{id}", recorded);
            var progress = new RunProgress(context.Error, context.ErrorIsTerminal, scenario.Duration, scenario.Board.Clock);
            RunEndRecord? interrupted = recorded.ReadStream(StreamNames.Control).OfType<RunEndRecord>().FirstOrDefault(r => r.Reason is "interrupted");
            if (interrupted is not null)
            {
                scenario = scenario with { Duration = VirtualInstant.Min(scenario.Duration, interrupted.At + (Slack * scenario.Board.MaxWindow)) };
            }

            EngineResult result = await context.Engine.RunAsync(scenario, new EngineOptions(again, Environment.ProcessorCount), progress, context.Stop);
            progress.Clear();
            context.Stop.ThrowIfCancellationRequested();
            using IOpenJournal repeated = context.Journals.Open(again);
            ulong records = Compare(path, id, journal, repeated, result.RunId, interrupted is not null);
            context.Out.WriteLine(interrupted is null
                ? $"run {id}: {Rendering.Number(records)} records are equal, run hash {result.RunHash}"
                : $"run {id}: {Rendering.Number(records)} records are equal up to where the run was interrupted");
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
        new Replay(source, TraceView.Gpos).Send(invariants);
        if (invariants.Violations is [{ } first, ..])
        {
            throw new CliFailureException($"{path}: run {id}: {invariants.Count} broken rules of a trace, first: {first} (please report it)");
        }
    }

    private static ulong Compare(string path, string id, IOpenJournal recorded, IOpenJournal repeated, string repeatedId, bool interrupted)
    {
        IReadOnlyList<string> streams = recorded.Streams(id);
        if (!interrupted && !streams.SequenceEqual(repeated.Streams(repeatedId), StringComparer.Ordinal))
        {
            throw Difference(path, id, "the streams differ: " + string.Join(", ", repeated.Streams(repeatedId)));
        }

        ITraceSource first = recorded.Read(id);
        ITraceSource second = repeated.Read(repeatedId);
        ulong records = 0;
        foreach (string stream in streams.Where(s => s is not StreamNames.Inputs))
        {
            records += CompareStream($"{path}: run {id}", stream, first, second, interrupted);
        }

        if (!interrupted && !string.Equals(recorded.HashOf(id), repeated.HashOf(repeatedId), StringComparison.Ordinal))
        {
            throw Difference(path, id, "the run hashes differ");
        }

        return records;
    }

    /// <summary>Compares a stream; of an interrupted run only what does not come from its end.</summary>
    private static ulong CompareStream(string run, string stream, ITraceSource first, ITraceSource second, bool interrupted)
    {
        ulong index = 0;
        using IEnumerator<TraceRecord> left = first.ReadStream(stream).Where(r => !interrupted || !EndsARun(r)).GetEnumerator();
        using IEnumerator<TraceRecord> right = second.ReadStream(stream).Where(r => !interrupted || !EndsARun(r)).GetEnumerator();
        while (true)
        {
            bool one = left.MoveNext();
            bool other = (one || !interrupted) && right.MoveNext();
            if (!one && !other)
            {
                return index;
            }

            if (one != other || !left.Current.Equals(right.Current))
            {
                string was = one ? left.Current.GetType().Name : "its end";
                string now = other ? right.Current.GetType().Name : "its end";
                throw new CliFailureException(string.Create(
                    CultureInfo.InvariantCulture, $"{run}: {stream} record {index}: recorded {was}, repeated {now} ({Why})"));
            }

            index++;
        }
    }

    /// <summary>Such a record is made where a run ends, or holds what was under way then.</summary>
    private static bool EndsARun(TraceRecord record) =>
        record is RunEndRecord or ProbeCountsRecord or LostRecordsRecord or ConsoleRecord;

    private static CliFailureException Difference(string path, string id, string what) =>
        new($"{path}: run {id}: {what} ({Why})");
}
