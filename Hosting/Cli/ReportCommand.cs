using System.CommandLine;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace report`: what a real-time engineer asks of a recorded run or a trace file.</summary>
internal static class ReportCommand
{
    private static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> input = new("INPUT") { Description = "Journal file, or a trace file: trace.dat, ftrace text." };
        Option<string?> run = JournalArguments.Run();
        Option<string?> from = new("--from") { Description = "Begin of the window, e.g. 1.5s (ns, us, ms, s, cycles). Default: the first event.", HelpName = "TIME" };
        Option<string?> until = new("--until") { Description = "End of the window. Default: the last event.", HelpName = "TIME" };
        Option<string[]> deadlines = new("--deadline")
        {
            Description = "Longest allowed response time of a task, by its name or pid, e.g. RTOS-Task1=5ms; may be repeated.",
            HelpName = "TASK=TIME",
        };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "report",
            "Reports what each task, CPU and the hypervisor did: load, response and execution times, jitter, latencies, deadlines, losses.")
        { input, run, from, until, deadlines, json };
        command.SetAction(p =>
        {
            var request = new ReportRequest(
                ReportRequest.Time("--from", p.GetValue(from)), ReportRequest.Time("--until", p.GetValue(until)),
                ReportRequest.ParseDeadlines(p.GetValue(deadlines) ?? []));
            TraceReport report = Read(context, p.GetRequiredValue(input), p.GetValue(run), request);
            if (p.GetValue(json))
            {
                context.Out.WriteLine(ReportJson.Build(report).ToJsonString(RunReportJson.Options));
            }
            else
            {
                new ReportText(context.Out, report).Write();
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static TraceReport Read(CliContext context, string path, string? run, ReportRequest request)
    {
        TraceReport report = IsTraceFile(path) ? OfFile(path, run, request) : OfRun(context, path, run, request);
        request.CheckDeadlines(report);
        return report;
    }

    private static TraceReport OfRun(CliContext context, string path, string? run, ReportRequest request)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        ITraceSource source = journal.Read(JournalArguments.Choose(journal, path, run));
        try
        {
            return Reporter.OfRun(source, request.Options(source.Manifest.Clock, Deadlines.OfRun(source.Manifest)));
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{path}: {e.Message} (the journal is damaged: repeat the run)");
        }
    }

    private static TraceReport OfFile(string path, string? run, ReportRequest request)
    {
        if (run is not null)
        {
            throw new InputException("--run", $"{path} is a trace file and has no runs", "leave it out");
        }

        try
        {
            using TraceFile file = TraceFile.Open(path);
            return Reporter.OfFile(Path.GetFileName(path), file, request.Options(clock: null));
        }
        catch (TraceFileException e)
        {
            string place = e.Place is { } at ? $", {at}" : "";
            throw new CliFailureException($"{path}{place}: {e.Message} (name a journal of 'actortrace run', a trace.dat or ftrace text)");
        }
    }

    /// <summary>Whatever is there and no SQLite file; what is not there is for the journal's own words.</summary>
    private static bool IsTraceFile(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = File.OpenRead(path);
        byte[] first = new byte[SqliteMagic.Length];
        int length = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return length > 0 && !first.AsSpan(0, length).SequenceEqual(SqliteMagic);
    }
}
