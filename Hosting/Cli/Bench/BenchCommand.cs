using System.CommandLine;
using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>`actortrace bench overhead`: the paper's benchmarks, natively, with tracing off, and traced.</summary>
internal static class BenchCommand
{
    /// <summary>Makes the command with its subcommand.</summary>
    public static Command Create(CliContext context)
    {
        Option<string[]> only = new("--only")
        {
            Description = "Run this benchmark alone; may be given several times. Default: all.",
            HelpName = "NAME",
        };
        Option<bool> small = new("--small") { Description = "A quarter of the iterations: other cycles, the same overheads to a tenth of a percent or so." };
        Option<string?> svg = new("--svg") { Description = "Draw the overheads as a bar chart too; replaced if it is there.", HelpName = "FILE" };
        Option<bool> markdown = new("--markdown") { Description = "Print the tables as Markdown, as docs/RESULTS.md has them." };
        Option<int?> threads = JournalArguments.Threads();
        Option<bool> json = JournalArguments.Json();
        var overhead = new Command(
            "overhead",
            "Runs benchmarks in machine code natively, with tracing off, with probes on context switches, and with a probe on every function; shows what each world takes beside the paper's figures.")
        { only, small, svg, markdown, threads, json };
        overhead.SetAction((p, _) => OverheadAsync(
            context, Choose(p.GetValue(only)), p.GetValue(small), CheckSvg(p.GetValue(svg)), Form(p.GetValue(json), p.GetValue(markdown)),
            JournalArguments.CheckThreads(p.GetValue(threads))));
        return new Command("bench", "Measures what tracing costs, with benchmarks that run in the simulated system.") { overhead };
    }

    private static async Task<int> OverheadAsync(
        CliContext context, IReadOnlyList<OverheadBenchmark> chosen, bool small, string? svg, Action<TextWriter, OverheadResults> form, int threads)
    {
        var experiment = new OverheadExperiment(BuiltInScenario.Load("overhead"));
        var progress = new ProgressLine(context.Error, context.ErrorIsTerminal);
        int runs = OverheadExperiment.RunsOf(chosen);
        int done = 0;
        OverheadResults results;
        try
        {
            results = await experiment.RunAsync(
                chosen, small, threads,
                () =>
                {
                    int sofar = Interlocked.Increment(ref done);
                    progress.Show(_ => $"{sofar} of {runs} runs");
                },
                context.Stop);
        }
        finally
        {
            progress.Clear();
        }

        form(context.Out, results);
        if (svg is not null)
        {
            OverheadChart.Save(results, svg);
        }

        return ExitCodes.Done;
    }

    private static IReadOnlyList<OverheadBenchmark> Choose(string[]? names)
    {
        if (names is not { Length: > 0 })
        {
            return OverheadSuite.All;
        }

        string[] known = [.. OverheadSuite.All.Select(b => b.Name)];
        string? unknown = names.FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal));
        return unknown is null
            ? [.. OverheadSuite.All.Where(b => names.Contains(b.Name, StringComparer.Ordinal))]
            : throw new InputException("--only", $"there is no benchmark '{unknown}'", Suggestion.For(unknown, known));
    }

    private static Action<TextWriter, OverheadResults> Form(bool json, bool markdown) => (json, markdown) switch
    {
        (true, true) => throw new InputException("--markdown", "standard output cannot hold both Markdown and one JSON document", "leave out --json or --markdown"),
        (true, false) => OverheadJson.Write,
        (false, true) => OverheadMarkdown.Write,
        _ => OverheadText.Write,
    };

    private static string? CheckSvg(string? path)
    {
        if (path is null)
        {
            return null;
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return !Directory.Exists(path) && folder is not null && Directory.Exists(folder)
            ? path
            : throw new InputException("--svg", $"'{path}' cannot be a file", "name a file in a folder that exists");
    }
}
