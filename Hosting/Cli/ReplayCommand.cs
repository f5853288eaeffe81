using System.CommandLine;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace replay`: a recorded run as a file of a Linux trace format.</summary>
internal static class ReplayCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string> to = new("--to") { Description = "Format of the result.", Required = true };
        to.AcceptOnlyFromAmong("ftrace", "trace.dat", "console");
        Option<string> view = new("--view")
        {
            Description = "gpos: the Linux tasks and the converted RTOS tasks, a CPU is a vCPU. board: a CPU is a physical core; also shows the hypervisor.",
            DefaultValueFactory = _ => "gpos",
        };
        view.AcceptOnlyFromAmong("gpos", "board");
        Option<string?> run = JournalArguments.Run();
        Option<string?> output = new("--output", "-o")
        {
            Description = "Result file, replaced if it is there; '-' is standard output (ftrace and console). Default: the journal's name with .txt or .dat; for console '-'.",
            HelpName = "FILE",
        };
        Option<string?> guest = new("--guest") { Description = "console: only what this guest printed. Default: all guests, each line with its guest's name.", HelpName = "GUEST" };
        Option<bool> timestamps = new("--timestamps") { Description = "console: begin each line with the simulated time of its first byte." };
        var command = new Command(
            "replay",
            "Replays a recorded run into a trace file for unmodified Linux tools, or shows what its guests printed.")
        { journal, to, view, run, output, guest, timestamps };
        command.SetAction(p => Replay(
            context, p.GetRequiredValue(journal), p.GetRequiredValue(to), p.GetValue(view) is "board" ? TraceView.Board : TraceView.Gpos,
            p.GetValue(run), p.GetValue(output), new ConsoleReplay(p.GetValue(guest), p.GetValue(timestamps))));
        return command;
    }

    private static int Replay(
        CliContext context, string path, string format, TraceView view, string? wanted, string? output, ConsoleReplay console)
    {
        bool isConsole = format is "console";
        bool text = format is "ftrace";
        if (!isConsole && (console.Guest is not null || console.Timestamps))
        {
            throw new InputException(console.Guest is null ? "--timestamps" : "--guest", $"this is no option of '--to {format}'", "use '--to console', or leave it out");
        }

        string target = output ?? (isConsole ? "-" : Path.ChangeExtension(path, text ? ".txt" : ".dat"));
        if (target is "-" && format is "trace.dat")
        {
            throw new InputException("--output", "trace.dat cannot be written to standard output", "name a file, or use '--to ftrace'");
        }

        if (target is not "-" && string.Equals(Path.GetFullPath(target), Path.GetFullPath(path), StringComparison.Ordinal))
        {
            throw new InputException("--output", "the result would replace the journal", "name another file");
        }

        using IOpenJournal journal = context.Journals.Open(path);
        ITraceSource source = journal.Read(JournalArguments.Choose(journal, path, wanted));
        try
        {
            if (isConsole)
            {
                ShowConsole(context, source, console, target);
                return ExitCodes.Done;
            }

            ExportResult result = Export(context, source, view, text, target);
            if (target is not "-")
            {
                string lost = result.Lost == 0 ? "" : $", {result.Lost} lost by the simulated buffers";
                context.Out.WriteLine($"{target}: {result.Events} events{lost}");
            }

            return ExitCodes.Done;
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{path}: {e.Message} (the journal is damaged: repeat the run)");
        }
    }

    private static void ShowConsole(CliContext context, ITraceSource source, ConsoleReplay console, string target)
    {
        if (target is "-")
        {
            console.Print(source, context.Out);
        }
        else
        {
            console.Save(source, target);
            context.Out.WriteLine($"{target}: written");
        }
    }

    private static ExportResult Export(CliContext context, ITraceSource source, TraceView view, bool text, string target)
    {
        if (!text)
        {
            return TraceExport.ToTraceDat(source, view, target);
        }

        if (target is not "-")
        {
            return TraceExport.ToFtraceText(source, view, target);
        }

        using Stream output = context.OpenOutput();
        return TraceExport.ToFtraceText(source, view, output);
    }
}
