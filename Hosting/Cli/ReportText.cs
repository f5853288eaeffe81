using System.Globalization;
using ActorTrace.Traces.Analysis.Report;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>A <see cref="TraceReport"/> as text: tables with a line above each that says what it is.</summary>
/// <param name="output">Where to.</param>
/// <param name="report">The report.</param>
internal sealed class ReportText(TextWriter output, TraceReport report)
{
    private const int ShownOfLongest = 5;

    private static readonly (string Title, Func<TaskReport, Distribution> Figure, bool ShowsZero)[] TaskFigures =
    [
        ("Execution time of a job: CPU time from release to completion", task => task.Execution, true),
        ("Response time: from release to completion", task => task.Response, true),
        ("Wake-up latency: from a wake-up until the task runs", task => task.Latency, true),
        ("Release jitter: deviation from the period", task => task.Jitter, true),
        ("Preemption of a job: runnable, begun, not running; tasks that had any", task => task.Preemption, false),
        ("Blocking of a job: uninterruptible sleep, or a lower task runs; tasks that had any", task => task.Blocking, false),
    ];

    /// <summary>Writes it.</summary>
    public void Write()
    {
        output.WriteLine($"{report.Name}: {Rendering.Seconds(report.From)} to {Rendering.Seconds(report.Until)}, {Rendering.Number(report.Events)} events");
        output.WriteLine($"lost events {Rendering.Number(report.Lost)}, jobs left out of the figures {Rendering.Number(report.LeftOut)}");
        WriteCpus();
        WriteTasks();
        foreach ((string title, Func<TaskReport, Distribution> figure, bool showsZero) in TaskFigures)
        {
            WriteFigure(title, figure, showsZero);
        }

        WriteMisses();
        WriteInversions();
        WriteInterrupts();
        if (report.Hypervisor is { } hypervisor)
        {
            new ReportHypervisorText(output, hypervisor).Write();
        }
        else
        {
            output.WriteLine("Hypervisor, traps, hit-to-buffer and IPI latency: not in this trace; a journal of a run with a hypervisor tells them.");
        }
    }

    /// <summary>The columns of a distribution behind the columns that say whose it is.</summary>
    internal static Table FigureTable(params IReadOnlyList<string> before) =>
        Rendering.Table([.. before, "count#", "min#", "mean#", "p50#", "p99#", "max#", "histogram"]);

    /// <summary>The cells of a distribution.</summary>
    internal static string[] Cells(Distribution figure) =>
    [
        Rendering.Number(figure.Count), Rendering.Duration(figure.Min), Rendering.Duration(figure.Mean), Rendering.Duration(figure.P50),
        Rendering.Duration(figure.P99), Rendering.Duration(figure.Max), Rendering.Bars(figure),
    ];

    private void WriteCpus()
    {
        Table table = Rendering.Table("cpu#", "guest", "events#", "switches#", "lost#", "gaps#", "observed#", "busy#", "idle#");
        foreach (CpuReport cpu in report.Cpus)
        {
            Rendering.Row(
                table, Text(cpu.Cpu), cpu.Guest, Rendering.Number(cpu.Events), Rendering.Number(cpu.Switches), Rendering.Number(cpu.Lost),
                Rendering.Number(cpu.Gaps), Rendering.Duration(cpu.Observed), Rendering.Percent(cpu.Load),
                cpu.Observed == 0 ? "-" : Rendering.Percent(1 - cpu.Load));
        }

        Section("CPUs as the guests see them; the hypervisor's time is in busy and idle", table);
    }

    private void WriteTasks()
    {
        Table table = Rendering.Table("cpu", "pid#", "task", "prio#", "load#", "run time#", "runs#", "jobs#", "left out#", "period#", "deadline#", "missed#");
        foreach (TaskReport task in report.Tasks)
        {
            Rendering.Row(
                table, string.Join(',', task.Cpus.Select(cpu => Text(cpu.Cpu))), Text(task.Pid), task.Comm, Text(task.Priority),
                Rendering.Percent(task.Load), Rendering.Duration(task.RunTime), Rendering.Number(task.Runs), Rendering.Number(task.Jobs),
                Rendering.Number(task.CutByLoss + task.CutByWindow), task.Period is { } period ? Rendering.Duration(period) : "-",
                task.Deadline is { } deadline ? Rendering.Duration(deadline.Deadline) : "-",
                task.Deadline is { } kept ? $"{Rendering.Number(kept.Misses)} of {Rendering.Number(kept.Checked)}" : "-");
        }

        Section("Tasks", table);
    }

    private void WriteFigure(string title, Func<TaskReport, Distribution> figure, bool showsZero)
    {
        Table table = FigureTable("pid#", "task");
        foreach (TaskReport task in report.Tasks.Where(task => showsZero ? figure(task).Count > 0 : figure(task).Max > 0))
        {
            Rendering.Row(table, [Text(task.Pid), task.Comm, .. Cells(figure(task))]);
        }

        Section(title, table);
    }

    private void WriteMisses()
    {
        Table table = Rendering.Table("task", "released#", "completed#", "response#", "late#");
        foreach (TaskReport task in report.Tasks)
        {
            foreach (DeadlineMiss miss in task.Deadline?.Worst.Take(ShownOfLongest) ?? [])
            {
                Rendering.Row(
                    table, task.Comm, Rendering.Seconds(miss.Released), miss.Completed is { } completed ? Rendering.Seconds(completed) : "unfinished",
                    Rendering.Duration(miss.Response), Rendering.Duration(miss.Late));
            }
        }

        Section("Missed deadlines, the latest of each task", table);
    }

    private void WriteInversions()
    {
        Table table = Rendering.Table("cpu#", "from#", "lasted#", "waited", "prio#", "ran", "prio#");
        foreach (Inversion inversion in report.Inversions.Longest.Take(ShownOfLongest))
        {
            Rendering.Row(
                table, Text(inversion.Cpu), Rendering.Seconds(inversion.From), Rendering.Duration(inversion.Nanoseconds), inversion.Victim.Comm,
                Text(inversion.Victim.Priority), inversion.Culprit.Comm, Text(inversion.Culprit.Priority));
        }

        Section($"Priority inversion: {Rendering.Number(report.Inversions.Durations.Count)} stretches, the longest", table);
    }

    private void WriteInterrupts()
    {
        Table table = Rendering.Table("cpu#", "from#", "lasted#", "irq#", "handler");
        foreach (InterruptStretch stretch in report.Interrupts.Longest.Take(ShownOfLongest))
        {
            Rendering.Row(
                table, Text(stretch.Cpu), Rendering.Seconds(stretch.From), Rendering.Duration(stretch.Nanoseconds), Text(stretch.Irq), stretch.Name);
        }

        Section($"Interrupts off: {Rendering.Number(report.Interrupts.Durations.Count)} stretches in handlers, the longest", table);
    }

    private void Section(string title, Table table) => Rendering.Section(output, title, table);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
