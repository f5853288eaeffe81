using System.CommandLine;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace inspect`: what a recorded run did.</summary>
internal static class InspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string?> run = JournalArguments.Run();
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "inspect",
            "Shows what a recorded run did: time, CPUs, tasks, hits, losses, cycles, run hash.")
        { journal, run, json };
        command.SetAction(p => Inspect(context, p.GetRequiredValue(journal), p.GetValue(run), p.GetValue(json)));
        return command;
    }

    private static int Inspect(CliContext context, string path, string? wanted, bool json)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        string id = JournalArguments.Choose(journal, path, wanted);
        RunReport report = RunReport.Read(journal, path, id, wallSeconds: null);
        report.Write(context.Out, json);
        return ExitCodes.Done;
    }
}
