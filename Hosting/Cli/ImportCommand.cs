using System.CommandLine;
using System.Text.Json.Nodes;
using ActorTrace.Actors.Importing;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace import`: a trace file of Linux as a run of a journal.</summary>
internal static class ImportCommand
{
    private const int MostKindsShown = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> file = new("FILE") { Description = "Trace file: a trace.dat of version 6 or 7, or ftrace or systrace text." };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Journal file; created, or appended to. Default: the file's name with .atj, in the current folder.",
            HelpName = "JOURNAL",
        };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "import",
            "Turns a trace file of Linux into a run of a journal, for replay, inspect, list and report.")
        { file, output, json };
        command.SetAction((p, _) => ImportAsync(context, p.GetRequiredValue(file), p.GetValue(output), p.GetValue(json)));
        return command;
    }

    private static async Task<int> ImportAsync(CliContext context, string path, string? output, bool json)
    {
        string journal = output ?? Path.GetFileNameWithoutExtension(path) + ".atj";
        if (string.Equals(Path.GetFullPath(journal), Path.GetFullPath(path), StringComparison.Ordinal))
        {
            throw new InputException("--output", "the journal would be the trace file itself", "name another file");
        }

        try
        {
            using TraceImport import = Open(path);
            ImportedRun run = await ImportTarget.WriteAsync(journal, writer => import.WriteAsync(writer, context.Stop));
            context.Out.Write(json ? Json(path, journal, import, run).ToJsonString(RunReportJson.Options) + "\n" : Text(path, journal, import, run));
            return ExitCodes.Done;
        }
        catch (TraceFileException e)
        {
            string place = e.Place is { } at ? $"{path}, {at}" : path;
            throw new InputException(place, e.Message, "a trace.dat of version 6 or 7, or ftrace or systrace text, can be imported");
        }
    }

    private static TraceImport Open(string path)
    {
        try
        {
            return new TraceImport(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "no such file", "name a trace file");
        }
        catch (Exception e) when (e is UnauthorizedAccessException && Directory.Exists(path))
        {
            throw new InputException(path, "is a directory, not a trace file", "name a trace file");
        }
    }

    private static string Text(string path, string journal, TraceImport import, ImportedRun run)
    {
        TraceFileCounts counts = import.Counts;
        EventRecords records = run.Records;
        var lines = new List<string>
        {
            $"imported  {path} ({import.Format})",
            $"events    {Number(counts.Events)} on {Number(import.Cpus)} CPUs, {Rendering.Seconds(counts.First)} to {Rendering.Seconds(counts.Last)}",
            $"lost      {Rendering.Number(counts.Lost)} at {Number(counts.LossMarks)} places; {Number(counts.BackwardTimes)} times went backward and were moved up",
            $"records   {Number(records.Records)}; left out: {Number(records.DerivedRuntimes)} sched_stat_runtime, {Number(records.PairedWakeups)} sched_wakeup after their sched_waking",
        };
        lines.AddRange(records.Foreign.OrderByDescending(kind => kind.Value).Take(MostKindsShown).Select(kind => $"foreign   {kind.Key} {Number(kind.Value)}"));
        if (records.Foreign.Count > MostKindsShown)
        {
            lines.Add($"foreign   and {Number(records.Foreign.Count - MostKindsShown)} kinds more");
        }

        lines.AddRange([$"journal   {journal}", $"run       {run.Id}", $"run hash  {run.Hash}"]);
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static string Number(long value) => Rendering.Number((ulong)value);

    private static JsonObject Json(string path, string journal, TraceImport import, ImportedRun run)
    {
        var foreign = new JsonObject();
        foreach ((string kind, long count) in run.Records.Foreign)
        {
            foreign[kind] = count;
        }

        return new JsonObject
        {
            ["file"] = path,
            ["format"] = import.Format,
            ["cpus"] = import.Cpus,
            ["events"] = import.Counts.Events,
            ["firstNanoseconds"] = import.Counts.First,
            ["lastNanoseconds"] = import.Counts.Last,
            ["lost"] = import.Counts.Lost,
            ["lossMarks"] = import.Counts.LossMarks,
            ["backwardTimes"] = import.Counts.BackwardTimes,
            ["records"] = run.Records.Records,
            ["derivedRuntimes"] = run.Records.DerivedRuntimes,
            ["pairedWakeups"] = run.Records.PairedWakeups,
            ["foreign"] = foreign,
            ["journal"] = journal,
            ["runId"] = run.Id.ToString(),
            ["runHash"] = run.Hash,
        };
    }
}
