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
        to.AcceptOnlyFromAmong("ftrace", "trace.dat");
        Option<string> view = new("--view")
        {
            Description = "gpos: the Linux tasks and the converted RTOS tasks, a CPU is a vCPU. board: a CPU is a physical core; also shows the hypervisor.",
            DefaultValueFactory = _ => "gpos",
        };
        view.AcceptOnlyFromAmong("gpos", "board");
        Option<string?> run = JournalArguments.Run();
        Option<string?> output = new("--output", "-o")
        {
            Description = "Result file, replaced if it is there; '-' is standard output (ftrace only). Default: the journal's name with .txt or .dat.",
            HelpName = "FILE",
        };
        var command = new Command(
            "replay",
            "Replays a recorded run into a trace file for unmodified Linux tools.")
        { journal, to, view, run, output };
        command.SetAction(p => Replay(
            context, p.GetRequiredValue(journal), p.GetRequiredValue(to), p.GetValue(view) is "board" ? TraceView.Board : TraceView.Gpos,
            p.GetValue(run), p.GetValue(output)));
        return command;
    }

    private static int Replay(CliContext context, string path, string format, TraceView view, string? wanted, string? output)
    {
        bool text = format is "ftrace";
        string target = output ?? Path.ChangeExtension(path, text ? ".txt" : ".dat");
        if (target is "-" && !text)
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
