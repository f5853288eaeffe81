using System.CommandLine;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Journal.Files;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace run`: simulates a scenario into a journal.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> scenario = new("SCENARIO") { Description = "Scenario file (YAML), e.g. scenarios/arndale.yaml." };
        Option<string?> journal = new("--journal")
        {
            Description = "Journal file; created, or appended to. Default: the scenario's name with .atj, in the current folder.",
            HelpName = "FILE",
        };
        Option<string?> duration = new("--for") { Description = "Simulate this long instead, e.g. 500ms (ns, us, ms, s, cycles).", HelpName = "TIME" };
        Option<int?> threads = JournalArguments.Threads();
        Option<bool> noTrace = new("--no-trace") { Description = "Leave out the scenario's writes to control files: nothing is traced." };
        Option<string?> console = new("--console") { Description = "Show on standard output what this guest prints, while it runs.", HelpName = "GUEST" };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "run",
            "Simulates a scenario, keeps all that happens in a journal, and ends with a summary.")
        { scenario, journal, duration, threads, noTrace, console, json };
        command.SetAction((p, _) => RunAsync(
            context, p.GetRequiredValue(scenario), p.GetValue(journal),
            new ScenarioChanges(CheckDuration(p.GetValue(duration)), p.GetValue(noTrace)),
            JournalArguments.CheckThreads(p.GetValue(threads)), p.GetValue(console), p.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(
        CliContext context, string path, string? journalPath, ScenarioChanges changes, int threads, string? consoleGuest, bool json)
    {
        Scenario scenario = ScenarioLoader.LoadFile(path, changes);
        LiveConsole? console = consoleGuest is null ? null : CreateConsole(context, scenario, consoleGuest, json);
        string journal = journalPath ?? scenario.Name + ".atj";
        CheckJournalPath(journal);
        JournalFile.CheckWritable(journal);
        var progress = new RunProgress(context.Error, context.ErrorIsTerminal, scenario.Duration, scenario.Board.Clock);

        // A line that is rewritten on the terminal and a guest's text would run into each other.
        RunProgress? shown = console is not null && context.ErrorIsTerminal ? null : progress;
        EngineResult result;
        try
        {
            result = await context.Engine.RunAsync(scenario, new EngineOptions(journal, threads) { Console = console }, shown, context.Stop);
        }
        finally
        {
            progress.Clear();
            console?.End();
        }

        return Conclude(context, path, journal, result, progress.Seconds, json);
    }

    /// <summary>Shows what a run came to.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="path">What was run, for errors.</param>
    /// <param name="journal">The journal that holds it.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="wallSeconds">Real time that it took.</param>
    /// <param name="json">As JSON.</param>
    /// <returns>The exit code.</returns>
    public static int Conclude(CliContext context, string path, string journal, EngineResult result, double wallSeconds, bool json)
    {
        using IOpenJournal opened = context.Journals.Open(journal);
        RunReport.Read(opened, journal, result.RunId, wallSeconds).Write(context.Out, json);
        if (result.Reason.StartsWith("failed", StringComparison.Ordinal))
        {
            throw new CliFailureException($"{path}: the run {result.Reason} (the journal holds what led to it: actortrace inspect {journal})");
        }

        return result.Reason is "interrupted" ? ExitCodes.Interrupted : ExitCodes.Done;
    }

    private static LiveConsole CreateConsole(CliContext context, Scenario scenario, string guest, bool json)
    {
        if (json)
        {
            throw new InputException("--console", "standard output cannot hold both a guest's text and one JSON document", "leave out --json");
        }

        string[] names = [.. scenario.Guests.Select(g => g.Name)];
        return Array.IndexOf(names, guest) >= 0
            ? new LiveConsole(guest, context.Out)
            : throw ConsoleReplay.NoSuchGuest("--console", guest, names);
    }

    /// <summary>The time that --for gives.</summary>
    /// <exception cref="InputException">It is none.</exception>
    internal static string? CheckDuration(string? text) => text is null ? null
        : Quantity.Time(text) is { Amount: > 0 } ? text
        : throw new InputException("--for", $"'{text}' is no time to simulate", Quantity.TimeHelp);

    private static void CheckJournalPath(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path) || folder is null || !Directory.Exists(folder))
        {
            throw new InputException("--journal", $"'{path}' cannot be a journal file", "name a file in a folder that exists");
        }
    }
}
