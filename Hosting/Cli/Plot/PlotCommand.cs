using System.CommandLine;
using System.Globalization;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Timelines;
using ActorTrace.Traces.Timelines.Figure;

namespace ActorTrace.Hosting.Cli.Plot;

/// <summary>`actortrace plot`: a timeline as a figure for a paper.</summary>
internal static class PlotCommand
{
    private const int DefaultWidth = 1200;
    private const int LeastHeight = 120;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> input = new("INPUT") { Description = "Journal file, or a trace file: trace.dat, ftrace text." };
        Option<string?> run = JournalArguments.Run();
        Option<string?> from = new("--from") { Description = "First instant, e.g. 1.5s (ns, us, ms, s, cycles). Default: the first event.", HelpName = "TIME" };
        Option<string?> until = new("--until") { Description = "End of the figure. Default: the last event.", HelpName = "TIME" };
        Option<int> width = new("--width")
        {
            Description = "Width in pixels.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultWidth,
        };
        Option<int?> height = new("--height") { Description = "Height in pixels. Default: what the lanes need.", HelpName = "N" };
        Option<string> output = new("--output", "-o")
        {
            Description = "Result, replaced if it is there; its ending, .svg or .png, is the format.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("plot", "Draws CPUs, hypervisor and tasks of a recorded run or a trace file over time, as a figure (SVG or PNG).")
        { input, run, from, until, width, height, output };
        command.SetAction(p =>
        {
            string target = p.GetRequiredValue(output);
            bool isPng = IsPng(target);
            int wide = InRange("--width", p.GetValue(width), TimelineFigure.LeastWidth);
            int? high = p.GetValue(height) is { } given ? InRange("--height", given, LeastHeight) : null;
            var request = new ReportRequest(
                ReportRequest.Time("--from", p.GetValue(from)), ReportRequest.Time("--until", p.GetValue(until)), ReportRequest.ParseDeadlines([]));
            using TraceInput trace = TraceInput.Open(context, p.GetRequiredValue(input), p.GetValue(run));
            trace.RefuseAsTarget("--output", target);
            Timeline timeline = trace.ReadTimeline(request);
            var figure = new TimelineFigure(timeline, wide, high);
            Save(figure, target, isPng);
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{target}: {figure.Width} x {figure.Height}, {Rendering.Number((ulong)timeline.Events)} events"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static bool IsPng(string target) => Path.GetExtension(target).ToUpperInvariant() switch
    {
        ".PNG" => true,
        ".SVG" => false,
        _ => throw new InputException("--output", $"'{target}' ends neither in .svg nor in .png", "name the format by the ending"),
    };

    private static int InRange(string option, int value, int least) => value >= least && value <= TimelineFigure.MostPixels
        ? value
        : throw new InputException(
            option, string.Create(CultureInfo.InvariantCulture, $"{value} is no size"),
            string.Create(CultureInfo.InvariantCulture, $"choose {least} to {TimelineFigure.MostPixels}"));

    private static void Save(TimelineFigure figure, string target, bool isPng)
    {
        using var file = new AtomicFile(target);
        if (isPng)
        {
            using var canvas = new PngCanvas(figure.Width, figure.Height);
            figure.Draw(canvas);
            canvas.Save(file.Stream);
        }
        else
        {
            figure.WriteSvg(file.Stream);
        }

        file.Commit();
    }
}
