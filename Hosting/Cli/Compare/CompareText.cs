using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>A <see cref="TwinComparison"/> as text.</summary>
/// <param name="output">Where to.</param>
/// <param name="comparison">The comparison.</param>
internal sealed class CompareText(TextWriter output, TwinComparison comparison)
{
    private static readonly (string Title, Func<TaskShift, ShiftFigures> Figure)[] Figures =
    [
        ("CPU time of a job, shift of the n-th against the n-th", task => task.Execution),
        ("Response time of a job, shift", task => task.Response),
        ("Completion of a job, shift of the instant", task => task.Completion),
    ];

    /// <summary>Writes it.</summary>
    public void Write()
    {
        output.WriteLine($"{comparison.Scenario}: {Rendering.Seconds(comparison.Clock.ToNanoseconds(new VirtualInstant(comparison.Duration)))} simulated; every shift is traced minus untraced");
        output.WriteLine(ProofLine());
        foreach (VariantShift variant in comparison.Variants)
        {
            output.WriteLine();
            output.WriteLine($"Probes: {variant.Name}, run hash {variant.Hash}");
            WriteTasks(variant);
            WriteDeadlines(variant);
            WriteOrder(variant);
            WriteOverhead(variant);
            WriteWork(variant);
            WriteCores(variant);
        }

        WriteCurve();
    }

    /// <summary>What the two untraced runs prove.</summary>
    private string ProofLine() => comparison.Proof.Holds
        ? $"without a probe: identical, bit for bit; two untraced runs, one of them observed, have the run hash {comparison.Proof.Observed}"
        : $"without a probe: NOT identical; run hash {comparison.Proof.Observed} observed, {comparison.Proof.Unobserved} unobserved";

    private void WriteTasks(VariantShift variant)
    {
        foreach ((string title, Func<TaskShift, ShiftFigures> figure) in Figures)
        {
            Table table = Rendering.Table("guest", "task", "jobs#", "changed#", "min#", "mean#", "p50#", "p99#", "max#");
            foreach ((GuestShift guest, TaskShift task) in TasksOf(variant).Where(pair => figure(pair.Task).Changed > 0))
            {
                ShiftFigures shift = figure(task);
                Rendering.Row(
                    table, guest.Guest, task.Comm, JobsOf(task), Text(shift.Changed), Time(shift.Min), Time(shift.Mean), Time(shift.P50), Time(shift.P99),
                    Time(shift.Max));
            }

            Rendering.Section(output, title, table);
        }

        string[] unchanged = [.. TasksOf(variant).Where(pair => Figures.All(f => f.Figure(pair.Task).Changed == 0)).Select(pair => pair.Task.Comm)];
        if (unchanged.Length > 0)
        {
            output.WriteLine($"Every job as without tracing: {string.Join(", ", unchanged)}");
        }
    }

    private void WriteDeadlines(VariantShift variant)
    {
        Table table = Rendering.Table("guest", "task", "deadline#", "jobs#", "missed untraced#", "missed traced#", "lost by tracing#", "first job lost#");
        foreach ((GuestShift guest, TaskShift task) in TasksOf(variant))
        {
            if (task.Deadline is { } deadline)
            {
                Rendering.Row(
                    table, guest.Guest, task.Comm, Rendering.Duration(Nanoseconds(deadline.Cycles)), Text(deadline.Checked), Text(deadline.UntracedMisses),
                    Text(deadline.TracedMisses), Text(deadline.Lost), deadline.FirstLost is { } first ? Text(first + 1) : "-");
            }
        }

        Rendering.Section(output, "Deadlines", table);
    }

    private void WriteOrder(VariantShift variant)
    {
        Table table = Rendering.Table("guest", "vCPU#", "turns compared#", "in another order#", "only untraced#", "only traced#", "tasks only traced");
        foreach (GuestShift guest in variant.Guests)
        {
            Rendering.Row(
                table, guest.Guest, Text(guest.Vcpu.Index), Text(guest.Order.Compared), Text(guest.Order.Moved), Text(guest.Order.OnlyUntraced),
                Text(guest.Order.OnlyTraced), string.Join(", ", guest.OnlyTraced));
        }

        Rendering.Section(output, "Order in which tasks got the CPU", table);
    }

    private void WriteOverhead(VariantShift variant)
    {
        Table table = Rendering.Table("core#", "probe", "hits#", "cycles a hit#", "of which");
        foreach (Overhead overhead in variant.Overheads)
        {
            foreach (HitCosts probe in overhead.Costs.Where(probe => probe.Hits > 0))
            {
                Rendering.Row(
                    table, Text(overhead.Core.Index), probe.Name, Rendering.Number(probe.Hits), Mean(probe.Total, probe.Hits),
                    string.Join(", ", probe.Cycles.Select(c => $"{CauseShift.Name(c.Key)} {Mean(c.Value, probe.Hits)}")));
            }
        }

        Rendering.Section(output, "What a hit takes on the core of the probed guest, mean", table);
    }

    private void WriteWork(VariantShift variant)
    {
        foreach ((GuestShift guest, SameWork work) in variant.Guests.Where(g => g.Work is not null).Select(g => (g, g.Work!)))
        {
            Table table = CauseTable();
            foreach (CauseShift cause in work.Causes.Where(cause => cause.Untraced > 0 || cause.Traced > 0))
            {
                WriteCause(table, cause);
            }

            Rendering.Row(table, "until then", Rendering.Number(work.Untraced.At), Rendering.Number(work.Traced.At), Signed(work.Difference));
            Rendering.Section(
                output,
                $"The same work, {guest.Guest} until job {Text(work.Job + 1)} of {work.Task} is done: {Signed(work.Difference)} cycles later, "
                + $"{Signed(work.Explained)} by cause; {Signed(work.AddedInstructions)} guest instructions",
                table);
        }
    }

    private void WriteCores(VariantShift variant)
    {
        foreach (CoreShift core in variant.Cores)
        {
            Table table = CauseTable();
            foreach (CauseShift cause in core.Causes.Where(cause => cause.Untraced > 0 || cause.Traced > 0))
            {
                WriteCause(table, cause);
            }

            Rendering.Section(output, $"Where the time of core {Text(core.Core.Index)} went in the whole run, cycles", table);
        }
    }

    private void WriteCurve()
    {
        Table table = Rendering.Table("probes", "core#", "hits/s#", "cycles a hit#", "overhead#", "hits/s within 1 %#");
        foreach (VariantShift variant in comparison.Variants)
        {
            foreach (Overhead overhead in variant.Overheads)
            {
                Rendering.Row(
                    table, variant.Name, Text(overhead.Core.Index), One(overhead.Rate), One(overhead.CyclesPerHit), Rendering.Percent(overhead.Share),
                    overhead.RateWithinBudget is { } rate ? One(rate) : "any");
            }
        }

        Rendering.Section(output, "Overhead against hit rate", table);
    }

    private static IEnumerable<(GuestShift Guest, TaskShift Task)> TasksOf(VariantShift variant) =>
        variant.Guests.SelectMany(guest => guest.Tasks.Select(task => (guest, task)));

    private static Table CauseTable() => Rendering.Table("cause", "untraced#", "traced#", "added#");

    private static void WriteCause(Table table, CauseShift cause) =>
        Rendering.Row(table, cause.Cause, Rendering.Number(cause.Untraced), Rendering.Number(cause.Traced), Signed(cause.Added));

    private static string JobsOf(TaskShift task) => task.UntracedJobs == task.TracedJobs
        ? Text(task.TracedJobs)
        : $"{Text(task.UntracedJobs)} -> {Text(task.TracedJobs)}";

    private string Time(double cycles)
    {
        string length = Rendering.Duration(Nanoseconds((ulong)Math.Abs(Math.Round(cycles))));
        return cycles == 0 ? "0" : (cycles > 0 ? "+" : "-") + length;
    }

    private ulong Nanoseconds(ulong cycles) => comparison.Clock.ToNanoseconds(new VirtualInstant(cycles));

    private static string Mean(ulong sum, ulong count) => One((double)sum / count);

    private static string One(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    private static string Signed(long value) => value.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
