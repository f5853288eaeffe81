using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines.Comparison;

/// <summary>Puts a comparison into tables.</summary>
/// <param name="comparison">The comparison.</param>
public sealed class ComparisonTables(TwinComparison comparison)
{
    private static readonly string[] CauseColumns = ["<cause", "untraced", "traced", "added"];

    private static readonly (string Title, Func<TaskShift, ShiftFigures> Figure)[] Figures =
    [
        ("CPU time of a job: shift of the n-th against the n-th", task => task.Execution),
        ("Response time of a job: shift", task => task.Response),
        ("Completion of a job: shift of the instant", task => task.Completion),
    ];

    /// <summary>What was run.</summary>
    public string Facts => $"{Duration(comparison.Duration)} simulated; every shift is traced minus untraced";

    /// <summary>What the two untraced runs prove.</summary>
    public string Proof => comparison.Proof.Holds
        ? $"Without a probe: identical, bit for bit. Two untraced runs, one of them observed, have the run hash {comparison.Proof.Observed}."
        : $"Without a probe: NOT identical. Run hash {comparison.Proof.Observed} observed, {comparison.Proof.Unobserved} unobserved.";

    /// <summary>Tasks that ran in the traced twin exactly as in the other.</summary>
    public static string Unchanged(VariantShift variant)
    {
        string[] names = [.. TasksOf(variant).Where(pair => Figures.All(f => f.Figure(pair.Task).Changed == 0)).Select(pair => pair.Task.Comm)];
        return names.Length == 0 ? "No task has every job as without tracing." : $"Every job as without tracing: {string.Join(", ", names)}.";
    }

    /// <summary>The tables of one probe set; a table that says nothing is left out.</summary>
    public IReadOnlyList<ComparisonTable> Of(VariantShift variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        ComparisonTable[] all =
        [
            .. Figures.Select(f => Shifts(variant, f.Title, f.Figure)), Deadlines(variant), Order(variant), Hits(variant),
            .. variant.Guests.Where(guest => guest.Work is not null).Select(guest => Work(guest, guest.Work!)),
            .. variant.Cores.Select(core => Causes($"Where the time of core {Number(core.Core.Index)} went in the whole run, cycles", core.Causes)),
        ];
        return [.. all.Where(table => table.Rows.Count > 0)];
    }

    /// <summary>Overhead against hit rate, a row for each probe set.</summary>
    public ComparisonTable Curve() => new(
        "Overhead against hit rate",
        ["<probes", "core", "hits/s", "cycles a hit", "overhead", "hits/s within 1 %"],
        [.. comparison.Variants.SelectMany(variant => variant.Overheads.Select(overhead => (IReadOnlyList<string>)
        [
            variant.Name, Number(overhead.Core.Index), Mean(overhead.Rate), Mean(overhead.CyclesPerHit), TimeText.Share(overhead.Share),
            overhead.RateWithinBudget is { } rate ? Mean(rate) : "any",
        ]))]);

    /// <summary>A shift in cycles as time, with its sign.</summary>
    internal string Shift(double cycles)
    {
        string length = Duration((ulong)Math.Abs(Math.Round(cycles)));
        return cycles == 0 ? "0" : (cycles > 0 ? "+" : "-") + length;
    }

    private ComparisonTable Shifts(VariantShift variant, string title, Func<TaskShift, ShiftFigures> figure) => new(
        title,
        ["<guest", "<task", "jobs", "changed", "min", "mean", "p50", "p99", "max"],
        [.. TasksOf(variant).Where(pair => figure(pair.Task).Changed > 0).Select(pair => (IReadOnlyList<string>)
        [
            pair.Guest.Guest, pair.Task.Comm, JobsOf(pair.Task), Number(figure(pair.Task).Changed), Shift(figure(pair.Task).Min),
            Shift(figure(pair.Task).Mean), Shift(figure(pair.Task).P50), Shift(figure(pair.Task).P99), Shift(figure(pair.Task).Max),
        ])]);

    private ComparisonTable Deadlines(VariantShift variant) => new(
        "Deadlines",
        ["<guest", "<task", "deadline", "jobs", "missed untraced", "missed traced", "lost by tracing", "first job lost"],
        [.. from pair in TasksOf(variant)
            let deadline = pair.Task.Deadline
            where deadline is not null
            select (IReadOnlyList<string>)
            [
                pair.Guest.Guest, pair.Task.Comm, Duration(deadline.Cycles), Number(deadline.Checked), Number(deadline.UntracedMisses),
                Number(deadline.TracedMisses), Number(deadline.Lost), deadline.FirstLost is { } first ? Number(first + 1) : "-",
            ]]);

    private static ComparisonTable Order(VariantShift variant) => new(
        "Order in which tasks got the CPU",
        ["<guest", "vCPU", "turns compared", "in another order", "only untraced", "only traced", "<tasks only traced"],
        [.. variant.Guests.Select(guest => (IReadOnlyList<string>)
        [
            guest.Guest, Number(guest.Vcpu.Index), Number(guest.Order.Compared), Number(guest.Order.Moved), Number(guest.Order.OnlyUntraced),
            Number(guest.Order.OnlyTraced), string.Join(", ", guest.OnlyTraced),
        ])]);

    private static ComparisonTable Hits(VariantShift variant) => new(
        "What a hit takes on the core of the probed guest: mean cycles",
        ["core", "<probe", "hits", "cycles a hit", "<of which"],
        [.. from overhead in variant.Overheads
            from probe in overhead.Costs
            where probe.Hits > 0
            select (IReadOnlyList<string>)
            [
                Number(overhead.Core.Index), probe.Name, TimeText.Count(probe.Hits), Mean((double)probe.Total / probe.Hits),
                string.Join(", ", probe.Cycles.Select(c => $"{CauseShift.Name(c.Key)} {Mean((double)c.Value / probe.Hits)}")),
            ]]);

    private static ComparisonTable Work(GuestShift guest, SameWork work)
    {
        ComparisonTable causes = Causes(
            $"The same work, {guest.Guest} until job {Number(work.Job + 1)} of {work.Task} is done, cycles: {Signed(work.Difference)}, "
            + $"by cause {Signed(work.Explained)}; {Signed(work.AddedInstructions)} guest instructions",
            work.Causes);
        return causes with
        {
            Rows = [.. causes.Rows, ["until then", TimeText.Count(work.Untraced.At), TimeText.Count(work.Traced.At), Signed(work.Difference)]],
        };
    }

    private static ComparisonTable Causes(string title, IReadOnlyList<CauseShift> causes) => new(
        title, CauseColumns,
        [.. causes.Where(cause => cause.Untraced > 0 || cause.Traced > 0).Select(cause => (IReadOnlyList<string>)
            [cause.Cause, TimeText.Count(cause.Untraced), TimeText.Count(cause.Traced), Signed(cause.Added)])]);

    private static IEnumerable<(GuestShift Guest, TaskShift Task)> TasksOf(VariantShift variant) =>
        variant.Guests.SelectMany(guest => guest.Tasks.Select(task => (guest, task)));

    private static string JobsOf(TaskShift task) => task.UntracedJobs == task.TracedJobs
        ? Number(task.TracedJobs)
        : $"{Number(task.UntracedJobs)} -> {Number(task.TracedJobs)}";

    private string Duration(ulong cycles) => TimeText.Duration(comparison.Clock.ToNanoseconds(new VirtualInstant(cycles)));

    private static string Mean(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    private static string Signed(long value) => value.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
