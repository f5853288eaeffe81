using System.CommandLine;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
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
        Option<string> to = new("--to")
        {
            Description = "Format of the result. " + string.Join("; ", TraceFormats.All.Select(f => $"{f.Name}: {f.Description}")) + ".",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => TraceFormats.All[0].Name,
        };
        to.AcceptOnlyFromAmong([.. TraceFormats.All.Select(f => f.Name)]);
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
        Option<string?> output = new("--output", "-o")
        {
            Description = "Result, replaced if it is there; '-' is standard output, for "
                + string.Join(", ", TraceFormats.All.Where(f => f.Streams).Select(f => f.Name)) + ". Default: the journal's name with the format's ending.",
            HelpName = "PATH",
        };
        var command = new Command(
            "replay",
            "Replays a recorded run into a trace file for unmodified Linux tools.")
        { journal, to, view, run, from, until, cpu, task, output };
        command.SetAction(p => Replay(
            context, p.GetRequiredValue(journal), TraceFormats.Find(p.GetRequiredValue(to))!, p.GetValue(run), p.GetValue(output),
            new Wanted(
                p.GetValue(view) is "board" ? TraceView.Board : TraceView.Gpos, Time("--from", p.GetValue(from)), Time("--until", p.GetValue(until)),
                p.GetValue(cpu), p.GetValue(task))));
        return command;
    }

    private static int Replay(CliContext context, string path, TraceFormat format, string? run, string? output, Wanted wanted)
    {
        string target = output ?? (format.Extension.Length == 0 ? Path.ChangeExtension(path, null) + "-" + format.Name : Path.ChangeExtension(path, format.Extension));
        if (target is "-" && !format.Streams)
        {
            throw new InputException("--output", $"{format.Name} cannot be written to standard output", "name a file");
        }

        if (target is not "-" && string.Equals(Path.GetFullPath(target), Path.GetFullPath(path), StringComparison.Ordinal))
        {
            throw new InputException("--output", "the result would replace the journal", "name another file");
        }

        using IOpenJournal journal = context.Journals.Open(path);
        ITraceSource source = journal.Read(JournalArguments.Choose(journal, path, run));
        var replay = new Replay(source, wanted.View, wanted.Selection(source));
        try
        {
            ExportResult result = Export(context, replay, format, target);
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

    private static ExportResult Export(CliContext context, Replay replay, TraceFormat format, string target)
    {
        if (target is not "-")
        {
            return format.ToFile(replay, target);
        }

        using Stream output = context.OpenOutput();
        return format.ToStream(replay, output);
    }

    private static TimeQuantity? Time(string option, string? text) =>
        text is null ? null : Quantity.Time(text) ?? throw new InputException(option, $"'{text}' is no time", Quantity.TimeHelp);

    /// <summary>What the command line asks for, before the run is known.</summary>
    private sealed record Wanted(TraceView View, TimeQuantity? From, TimeQuantity? Until, int? Cpu, string? Task)
    {
        public EventSelection Selection(ITraceSource source)
        {
            int cpus = TraceMerger.CpuCount(source.Manifest, View);
            if (Cpu is { } number && (number < 0 || number >= cpus))
            {
                throw new InputException("--cpu", $"the view has no CPU {number}", $"it has {cpus}, from 0 on");
            }

            ClockRates clock = source.Manifest.Clock;
            ulong from = From is { } first ? Nanoseconds(first, clock) : 0;
            ulong until = Until is { } end ? Nanoseconds(end, clock) : ulong.MaxValue;
            return until > from
                ? new EventSelection(from, until, Cpu, Task)
                : throw new InputException("--until", "it is not later than --from", "exchange them");
        }

        private static ulong Nanoseconds(TimeQuantity time, ClockRates clock) =>
            time.InCycles ? clock.ToNanoseconds(new VirtualInstant(time.Amount)) : time.Amount;
    }
}
