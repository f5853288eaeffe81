using System.CommandLine;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Timelines;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace report`: what a real-time engineer asks of a recorded run or a trace file.</summary>
internal static class ReportCommand
{
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
        Option<string?> html = new("--html")
        {
            Description = "Write one HTML page with the figures and a timeline to look into, instead of text; replaced if it is there.",
            HelpName = "FILE",
        };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "report",
            "Reports what each task, CPU and the hypervisor did: load, response and execution times, jitter, latencies, deadlines, losses.")
        { input, run, from, until, deadlines, html, json };
        command.SetAction(p =>
        {
            var request = new ReportRequest(
                ReportRequest.Time("--from", p.GetValue(from)), ReportRequest.Time("--until", p.GetValue(until)),
                ReportRequest.ParseDeadlines(p.GetValue(deadlines) ?? []));
            using TraceInput trace = TraceInput.Open(context, p.GetRequiredValue(input), p.GetValue(run));
            TraceReport report = trace.Read(
                source => Reporter.OfRun(source, request.Options(source.Manifest.Clock, Deadlines.OfRun(source.Manifest))),
                (name, file) => Reporter.OfFile(name, file, request.Options(clock: null)));
            request.CheckDeadlines(report);
            string? page = p.GetValue(html);
            if (page is not null)
            {
                WritePage(trace, request, report, page);
            }

            if (p.GetValue(json))
            {
                context.Out.WriteLine(ReportJson.Build(report).ToJsonString(RunReportJson.Options));
            }
            else if (page is not null)
            {
                context.Out.WriteLine($"{page}: {Rendering.Number(report.Events)} events");
            }
            else
            {
                new ReportText(context.Out, report).Write();
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void WritePage(TraceInput input, ReportRequest request, TraceReport report, string path)
    {
        input.RefuseAsTarget("--html", path);
        Timeline timeline = input.ReadTimeline(request);
        using var file = new AtomicFile(path);
        HtmlReport.Write(file.Stream, report, timeline);
        file.Commit();
    }
}
