using System.CommandLine;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Timelines.Comparison;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>`actortrace compare`: the same scenario untraced and traced, and what exactly differs.</summary>
internal static class CompareCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> scenario = new("SCENARIO") { Description = "Scenario file (YAML), e.g. scenarios/arndale.yaml." };
        Option<string[]> probe = new(CompareRequest.ProbeOption)
        {
            Description = "A twin with these probes: symbols or addresses of a guest, /return for returns; may be repeated, each time for a twin of its own.",
            HelpName = "GUEST:PLACE[,PLACE...]",
        };
        Option<string[]> probes = new(CompareRequest.SetOption)
        {
            Description = "A twin with a probe set of the guest's kernel profile; may be repeated. Default without any: the scenario's own control writes.",
            HelpName = "GUEST:SET",
        };
        Option<string[]> every = new(CompareRequest.EveryOption)
        {
            Description = "Each of these probe sets once more with the filter every=N: a further point of the curve; may be repeated.",
            HelpName = "N",
        };
        Option<string?> duration = new("--for") { Description = "Simulate this long instead, e.g. 500ms (ns, us, ms, s, cycles).", HelpName = "TIME" };
        Option<string[]> deadlines = new("--deadline")
        {
            Description = "Longest allowed response time of a task, by its name or pid, beside the scenario's deadlines; may be repeated.",
            HelpName = "TASK=TIME",
        };
        Option<int?> threads = JournalArguments.Threads();
        Option<string?> html = new("--html") { Description = "Write one HTML page with the curve, histograms and tables; replaced if it is there.", HelpName = "FILE" };
        Option<bool> markdown = new("--markdown") { Description = "Print a section of a Markdown document instead of text." };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "compare",
            "Runs a scenario untraced and traced with the same inputs and shows what tracing changed: job by job, cycle by cycle.")
        { scenario, probe, probes, every, duration, deadlines, threads, html, markdown, json };
        command.SetAction(async (p, _) =>
        {
            var request = new CompareRequest(
                p.GetValue(probe) ?? [], p.GetValue(probes) ?? [], CompareRequest.ParseEvery(p.GetValue(every) ?? []),
                ReportRequest.ParseDeadlines(p.GetValue(deadlines) ?? []));
            CheckOutputs(p.GetRequiredValue(scenario), p.GetValue(html), p.GetValue(json), p.GetValue(markdown));
            Scenario read = ScenarioLoader.LoadFile(
                p.GetRequiredValue(scenario), new ScenarioChanges(RunCommand.CheckDuration(p.GetValue(duration)), NoTrace: false));
            TwinComparison comparison = await new TwinSeries(context, JournalArguments.CheckThreads(p.GetValue(threads)))
                .RunAsync(read, request);
            Show(
                context.Out, comparison, p.GetValue(json), p.GetValue(markdown) ? "actortrace " + string.Join(' ', p.Tokens.Select(token => token.Value)) : null,
                p.GetValue(html));
            return Conclude(comparison);
        });
        return command;
    }

    /// <summary>What cannot be written is to be told before minutes of simulation.</summary>
    private static void CheckOutputs(string scenario, string? html, bool json, bool markdown)
    {
        if (json && markdown)
        {
            throw new InputException("--markdown", "standard output cannot hold two documents", "leave out --json");
        }

        if (html is null)
        {
            return;
        }

        string full = Path.GetFullPath(html);
        if (Directory.Exists(full) || !Directory.Exists(Path.GetDirectoryName(full)) || string.Equals(full, Path.GetFullPath(scenario), StringComparison.Ordinal))
        {
            throw new InputException("--html", $"'{html}' cannot be a page", "name another file, in a folder that exists");
        }
    }

    private static void Show(TextWriter output, TwinComparison comparison, bool json, string? markdown, string? html)
    {
        if (html is not null)
        {
            using var file = new AtomicFile(html);
            ComparisonPage.Write(file.Stream, comparison);
            file.Commit();
        }

        if (json)
        {
            output.WriteLine(CompareJson.Build(comparison).ToJsonString(RunReportJson.Options));
        }
        else if (markdown is not null)
        {
            new CompareText(output, comparison).WriteMarkdown(markdown);
        }
        else
        {
            new CompareText(output, comparison).Write();
        }
    }

    /// <summary>Figures of twins that do not begin from the same run are none.</summary>
    private static int Conclude(TwinComparison comparison) => comparison.Proof.Holds
        ? ExitCodes.Done
        : throw new CliFailureException("compare: two untraced runs differ, so nothing can be said of traced ones (please report it with the scenario)");
}
