using System.CommandLine;
using System.Text.Json.Nodes;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace list`: the runs of a journal.</summary>
internal static class ListCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "list",
            "Lists the runs of a journal, oldest first.")
        { journal, json };
        command.SetAction(p => List(context, p.GetRequiredValue(journal), p.GetValue(json)));
        return command;
    }

    private static int List(CliContext context, string path, bool json)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        ListedRun[] runs = [.. journal.Runs.Select(id => Describe(id, journal.Read(id)))];
        if (json)
        {
            var array = new JsonArray([.. runs.Select(r => (JsonNode)new JsonObject
            {
                ["runId"] = r.Id,
                ["scenario"] = r.Scenario,
                ["cores"] = r.Cores,
                ["guests"] = new JsonArray([.. r.Guests.Select(g => (JsonNode)g)]),
                ["simulatedNanoseconds"] = r.Nanoseconds,
                ["end"] = r.End,
            })]);
            context.Out.WriteLine(array.ToJsonString(RunReportJson.Options));
            return ExitCodes.Done;
        }

        var table = Rendering.Table("run", "scenario", "cores", "guests", "simulated", "end");
        foreach (ListedRun run in runs)
        {
            Rendering.Row(
                table, run.Id, run.Scenario, Rendering.Number((ulong)run.Cores), string.Join(", ", run.Guests),
                run.Nanoseconds is { } ns ? Rendering.Seconds(ns) : "?", run.End ?? "unfinished");
        }

        Rendering.Write(context.Out, table);
        return ExitCodes.Done;
    }

    private static ListedRun Describe(string id, ITraceSource source)
    {
        RunManifest manifest = source.Manifest;
        RunEndRecord? end = null;
        foreach (TraceRecord record in source.ReadStream(StreamNames.Control))
        {
            end = record as RunEndRecord ?? end;
        }

        return new ListedRun(
            id, manifest.Name, manifest.Cores, [.. manifest.Guests.Select(g => g.Name)],
            end is null ? null : manifest.Clock.ToNanoseconds(end.At), end?.Reason);
    }

    private sealed record ListedRun(string Id, string Scenario, int Cores, IReadOnlyList<string> Guests, ulong? Nanoseconds, string? End);
}
