using ActorTrace.Traces.Analysis.Report;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>The figures of tasks and CPUs as tables and histograms; what they say of one place leads there on the timeline.</summary>
/// <param name="html">Where to.</param>
/// <param name="report">The figures.</param>
/// <param name="links">Places on the timeline.</param>
internal sealed class ReportSections(HtmlWriter html, TraceReport report, TimelineLinks links)
{
    private static readonly string[] FigureColumns = ["count", "min", "mean", "p50", "p99", "max"];

    private static readonly (string Title, string Note, Func<TaskReport, Distribution> Figure)[] TaskFigures =
    [
        ("Response time", "From a job's release to its completion.", task => task.Response),
        ("Execution time", "CPU time of a job.", task => task.Execution),
        ("Wake-up latency", "From a wake-up until the task runs.", task => task.Latency),
        ("Release jitter", "Deviation of releases from the period.", task => task.Jitter),
        ("Preemption", "Of a job that has begun: runnable, but not running.", task => task.Preemption),
        ("Blocking", "Of a job that has begun: uninterruptible sleep, or a task of lower priority runs.", task => task.Blocking),
    ];

    /// <summary>Writes them.</summary>
    public void Write()
    {
        WriteTasks();
        WriteDeadlines();
        WriteHistograms();
        WriteFigures();
        WriteCpus();
        WriteStretches();
        if (report.Hypervisor is { } hypervisor)
        {
            new HypervisorSections(html, hypervisor, links).Write();
        }
    }

    /// <summary>The cells of a distribution; its maximum may lead somewhere.</summary>
    internal static HtmlCell[] Cells(Distribution figure, string? link = null) => figure.Count == 0
        ? ["0", "-", "-", "-", "-", "-"]
        :
        [
            TimeText.Count(figure.Count), TimeText.Duration(figure.Min), TimeText.Duration(figure.Mean), TimeText.Duration(figure.P50),
            TimeText.Duration(figure.P99), new HtmlCell(TimeText.Duration(figure.Max), link),
        ];

    /// <summary>The columns of a distribution behind others.</summary>
    internal static IReadOnlyList<string> Columns(params IEnumerable<string> before) => [.. before, .. FigureColumns];

    private void WriteTasks()
    {
        html.BeginSection("tasks", "Tasks");
        html.Table(
            ["<task", "pid", "CPU", "priority", "load", "CPU time", "runs", "jobs", "left out", "period", "worst response", "deadline", "missed"],
            report.Tasks.Select(task => (IReadOnlyList<HtmlCell>)
            [
                task.Comm, TimeText.Number(task.Pid), string.Join(", ", task.Cpus.Select(cpu => TimeText.Number(cpu.Cpu))),
                TimeText.Number(task.Priority), TimeText.Share(task.Load), TimeText.Duration(task.RunTime), TimeText.Count(task.Runs),
                TimeText.Count(task.Jobs), TimeText.Count(task.CutByLoss + task.CutByWindow),
                task.Period is { } period ? TimeText.Duration(period) : "-",
                task.Response.Count == 0 ? "-" : new HtmlCell(TimeText.Duration(task.Response.Max), links.ToJob(task.Pid, task.Response.Max)),
                task.Deadline is { } deadline ? TimeText.Duration(deadline.Deadline) : "-",
                task.Deadline is { } kept
                    ? new HtmlCell($"{TimeText.Count(kept.Misses)} of {TimeText.Count(kept.Checked)}", null, kept.Misses > 0)
                    : "-",
            ]));
        html.EndSection();
    }

    private void WriteDeadlines()
    {
        if (report.Tasks.All(task => task.Deadline is null))
        {
            return;
        }

        html.BeginSection("deadlines", "Missed deadlines");
        html.Table(
            ["<task", "released", "completed", "response", "deadline", "late"],
            report.Tasks.SelectMany(task => (task.Deadline?.Worst ?? []).Select(miss => (IReadOnlyList<HtmlCell>)
            [
                task.Comm, new HtmlCell(TimeText.Instant(miss.Released), links.To($"task:{TimeText.Number(task.Pid)}", miss.Released, miss.Response)),
                miss.Completed is { } completed ? TimeText.Instant(completed) : "unfinished", TimeText.Duration(miss.Response),
                TimeText.Duration(task.Deadline!.Deadline), new HtmlCell(TimeText.Duration(miss.Late), null, IsBad: true),
            ])));
        html.EndSection();
    }

    private void WriteFigures()
    {
        html.BeginSection("times", "Times of jobs");
        foreach ((string title, string note, Func<TaskReport, Distribution> figure) in TaskFigures)
        {
            html.Heading(title);
            html.Note(note);
            html.Table(
                Columns("<task", "pid"),
                report.Tasks.Where(task => figure(task).Max > 0).Select(task => (IReadOnlyList<HtmlCell>)
                [
                    task.Comm, TimeText.Number(task.Pid), .. Cells(figure(task), Place(task, title, figure(task).Max)),
                ]));
        }

        html.EndSection();
    }

    private string? Place(TaskReport task, string title, ulong longest) => title switch
    {
        "Response time" => links.ToJob(task.Pid, longest),
        "Wake-up latency" => links.ToWait(task.Pid, longest),
        _ => null,
    };

    private void WriteHistograms()
    {
        html.BeginSection("histograms", "Response times");
        html.BeginCards();
        foreach (TaskReport task in report.Tasks.Where(task => task.Response.Bins.Count > 0))
        {
            Distribution figure = task.Response;
            html.Card(
                task.Comm,
                $"{TimeText.Count(figure.Count)} {(figure.Count == 1 ? "job" : "jobs")}, median {TimeText.Duration(figure.P50)}, longest {TimeText.Duration(figure.Max)}",
                Histogram.Draw(figure));
        }

        html.EndCards();
        html.EndSection();
    }

    private void WriteCpus()
    {
        html.BeginSection("cpus", "CPUs");
        html.Note("As the guests see them: the hypervisor's time is in busy and idle.");
        html.Table(
            ["CPU", "<guest", "events", "switches", "lost", "gaps", "observed", "busy", "idle"],
            report.Cpus.Select(cpu => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(cpu.Cpu), cpu.Guest, TimeText.Count(cpu.Events), TimeText.Count(cpu.Switches),
                new HtmlCell(TimeText.Count(cpu.Lost), null, cpu.Lost > 0), TimeText.Count(cpu.Gaps), TimeText.Duration(cpu.Observed),
                TimeText.Share(cpu.Busy, cpu.Observed), TimeText.Share(cpu.Idle, cpu.Observed),
            ]));
        html.EndSection();
    }

    private void WriteStretches()
    {
        html.BeginSection("stretches", "Longest stretches");
        html.Heading("Priority inversion");
        html.Note($"{TimeText.Count(report.Inversions.Durations.Count)} times a task waited on a CPU for one of lower priority; the longest.");
        html.Table(
            ["CPU", "from", "lasted", "<waited", "<ran"],
            report.Inversions.Longest.Select(inversion => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(inversion.Cpu),
                new HtmlCell(TimeText.Instant(inversion.From), links.To($"cpu:{TimeText.Number(inversion.Cpu)}", inversion.From, inversion.Nanoseconds)),
                TimeText.Duration(inversion.Nanoseconds), inversion.Victim.Comm, inversion.Culprit.Comm,
            ]));
        html.Heading("Interrupts off");
        html.Note($"{TimeText.Count(report.Interrupts.Durations.Count)} stretches in interrupt handlers; the longest.");
        html.Table(
            ["CPU", "from", "lasted", "irq", "<handler"],
            report.Interrupts.Longest.Select(stretch => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(stretch.Cpu),
                new HtmlCell(TimeText.Instant(stretch.From), links.To($"irq:{TimeText.Number(stretch.Cpu)}", stretch.From, stretch.Nanoseconds)),
                TimeText.Duration(stretch.Nanoseconds), TimeText.Number(stretch.Irq), stretch.Name,
            ]));
        html.EndSection();
    }
}
