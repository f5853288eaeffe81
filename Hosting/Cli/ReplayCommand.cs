using System.CommandLine;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace replay`: a recorded run as a file of a Linux trace format, or what its guests printed.</summary>
internal static class ReplayCommand
{
    private const string ConsoleName = "console";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string> to = new("--to")
        {
            Description = "Format of the result. " + string.Join("; ", TraceFormats.All.Select(f => $"{f.Name}: {f.Description}")) + "; console: what the guests printed.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => TraceFormats.All[0].Name,
        };
        to.AcceptOnlyFromAmong([.. TraceFormats.All.Select(f => f.Name), ConsoleName]);
        Option<string> view = new("--view")
        {
            Description = "gpos: the Linux tasks and the converted RTOS tasks, a CPU is a vCPU. board: a CPU is a physical core; also shows the hypervisor.",
            DefaultValueFactory = _ => "gpos",
        };
        view.AcceptOnlyFromAmong("gpos", "board");
        Option<string?> run = JournalArguments.Run();
        Option<string?> from = new("--from") { Description = "Only events at this time or later, e.g. 1.5s (ns, us, ms, s, cycles).", HelpName = "TIME" };
        Option<string?> until = new("--until") { Description = "Only events before this time.", HelpName = "TIME" };
        Option<int?> cpu = new("--cpu") { Description = "Only events of this CPU of the view.", HelpName = "N" };
        Option<string?> task = new("--task") { Description = "Only what this task does, switches to it and its wake-ups.", HelpName = "NAME" };
        Option<string?> compression = new("--compression")
        {
            Description = string.Join("; ", Compressible().Select(f => $"{f.Name}: {f.Compressions[0]}, or {string.Join(", ", f.Compressions.Skip(1))}")) + ".",
            HelpName = "NAME",
        };
        compression.AcceptOnlyFromAmong([.. Compressible().SelectMany(f => f.Compressions).Distinct(StringComparer.Ordinal)]);
        Option<string?> output = new("--output", "-o")
        {
            Description = "Result, replaced if it is there; '-' is standard output, for console, "
                + string.Join(", ", TraceFormats.All.Where(f => f.Streams).Select(f => f.Name))
                + ". Default: the journal's name with the format's ending; for console '-'.",
            HelpName = "PATH",
        };
        Option<string?> guest = new("--guest") { Description = "console: only what this guest printed. Default: all guests, each line with its guest's name.", HelpName = "GUEST" };
        Option<bool> timestamps = new("--timestamps") { Description = "console: begin each line with the simulated time of its first byte." };
        var command = new Command(
            "replay",
            "Replays a recorded run into a trace file for unmodified Linux tools, or shows what its guests printed.")
        { journal, to, view, run, from, until, cpu, task, compression, output, guest, timestamps };
        command.SetAction(p =>
        {
            string path = p.GetRequiredValue(journal);
            var console = new ConsoleReplay(p.GetValue(guest), p.GetValue(timestamps));
            string format = p.GetRequiredValue(to);
            if (format is ConsoleName)
            {
                CheckCompression(ConsoleName, [], p.GetValue(compression));
                return Replay(context, path, p.GetValue(run), p.GetValue(output) ?? "-", (source, target) => Show(context, console, source, target));
            }

            TraceFormat plain = TraceFormats.Find(format)!;
            CheckCompression(format, plain.Compressions, p.GetValue(compression));
            var trace = new TraceReplay(
                p.GetValue(compression) is { } chosen ? plain.Compressed(chosen) : plain, p.GetValue(view) is "board" ? TraceView.Board : TraceView.Gpos,
                Time("--from", p.GetValue(from)), Time("--until", p.GetValue(until)), p.GetValue(cpu), p.GetValue(task));
            string target = p.GetValue(output) ?? trace.DefaultTarget(path);
            Check(trace.Format, console, target);
            CheckViews(trace, p.GetResult(view) is { Implicit: false });
            return Replay(context, path, p.GetValue(run), target, (source, _) => trace.Write(context, source, target));
        });
        return command;
    }

    private static void CheckViews(TraceReplay trace, bool viewChosen)
    {
        if (!trace.Format.HasViews && (viewChosen || trace.Cpu is not null))
        {
            throw new InputException(
                viewChosen ? "--view" : "--cpu", $"this is no option of '--to {trace.Format.Name}'", "leave it out: the host and each guest are shown with all their CPUs");
        }
    }

    private static IEnumerable<TraceFormat> Compressible() => TraceFormats.All.Where(f => f.Compressions.Count > 0);

    private static void CheckCompression(string format, IReadOnlyList<string> known, string? wanted)
    {
        if (wanted is not null && !known.Contains(wanted, StringComparer.Ordinal))
        {
            throw new InputException(
                "--compression", $"this is no option of '--to {format}'", $"use '--to {string.Join(", ", Compressible().Select(f => f.Name))}', or leave it out");
        }
    }

    private static void Check(TraceFormat format, ConsoleReplay console, string target)
    {
        if (console.Guest is not null || console.Timestamps)
        {
            throw new InputException(
                console.Guest is null ? "--timestamps" : "--guest", $"this is no option of '--to {format.Name}'", "use '--to console', or leave it out");
        }

        if (target is "-" && !format.Streams)
        {
            throw new InputException("--output", $"{format.Name} cannot be written to standard output", "name a file");
        }
    }

    private static int Replay(CliContext context, string path, string? run, string target, Action<ITraceSource, string> write)
    {
        if (target is not "-" && string.Equals(Path.GetFullPath(target), Path.GetFullPath(path), StringComparison.Ordinal))
        {
            throw new InputException("--output", "the result would replace the journal", "name another file");
        }

        using IOpenJournal journal = context.Journals.Open(path);
        ITraceSource source = journal.Read(JournalArguments.Choose(journal, path, run));
        try
        {
            write(source, target);
            return ExitCodes.Done;
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{path}: {e.Message} (the journal is damaged: repeat the run)");
        }
    }

    private static void Show(CliContext context, ConsoleReplay console, ITraceSource source, string target)
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

    private static TimeQuantity? Time(string option, string? text) =>
        text is null ? null : Quantity.Time(text) ?? throw new InputException(option, $"'{text}' is no time", Quantity.TimeHelp);
}
