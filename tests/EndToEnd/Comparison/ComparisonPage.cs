using System.Globalization;
using System.Text;
using ActorTrace.EndToEnd.Predecessor;
using ActorTrace.Traces.Alignment;

namespace ActorTrace.EndToEnd.Comparison;

/// <summary>docs/COMPARISON.md, made of runs.</summary>
internal static class ComparisonPage
{
    private const double NanosecondsPerMicrosecond = 1_000;
    private const int RingRecordBytes = 512;
    private const int OwnEntryBytes = 16;

    /// <summary>The page.</summary>
    public static string Make()
    {
        var page = new StringBuilder();
        Line(page, "# Comparison");
        Line(page, "");
        Line(page, "`ops/comparison.sh` makes this page; every figure comes out of a run, and a test holds page and runs together. The ground truth is the ring");
        Line(page, "of switches and of tasks made ready that the RTOS keeps itself ([guests/rtos](../guests/rtos/README.md#ground-truth)).");
        Line(page, "");
        Approach(page);
        Line(page, "");
        Mistakes(page);
        return page.ToString();
    }

    private static void Approach(StringBuilder page)
    {
        Coverage merged = Coverage.Of(Approaches.PerGuest, Approaches.MergedLog);
        Coverage host = Coverage.Of(Approaches.HostOnly, Approaches.ViewOf(Approaches.HostOnly));
        Coverage integrated = Coverage.Of(Approaches.Integrated, Approaches.ViewOf(Approaches.Integrated));
        ClockFit fit = Approaches.Merged.Logs[1].Fit!;
        Line(page, "## Three ways to trace the same system");
        Line(page, "");
        Line(page, FormattableString.Invariant($"Android on core 0, the RTOS on core 1, a crystal that is 30 ppm faster than the RTOS believes. Compared from {Coverage.From / 1_000_000} to {Coverage.Until / 1_000_000} ms."));
        Line(page, "");
        Line(page, "- **Per-guest logs, merged** ([per-guest-logs.yaml](../scenarios/baselines/per-guest-logs.yaml)): each guest has a tracer of its own, with its own clock.");
        Line(page, "- **Host only** ([host-only.yaml](../scenarios/baselines/host-only.yaml)): the hypervisor's traps and vCPU switches, no look into a guest.");
        Line(page, "- **Integrated** ([integrated.yaml](../scenarios/baselines/integrated.yaml)): the paper's way, with the probe set `switch+wakeup`.");
        Line(page, "");
        Line(page, "| what | per-guest logs, merged | host only | integrated |");
        Line(page, "|---|---|---|---|");
        Row(page, "RTOS switches seen of those that happened", Of(merged.Seen, merged.Happened), Of(host.Seen, host.Happened), Of(integrated.Seen, integrated.Happened));
        Row(page, "switches told that did not happen", Text(merged.Wrong), Text(host.Wrong), Text(integrated.Wrong));
        Row(page, "tasks made ready seen", Of(merged.Woken, merged.Readied), Of(host.Woken, host.Readied), Of(integrated.Woken, integrated.Readied));
        Row(page, "seen with the chain from its cause to the log", "none", "none: its " + Text(Approaches.HostEvents()) + " events of the RTOS's core name no task", Of(Approaches.Caused(), integrated.Seen));
        Row(page, "distance of a switch's time from the guest's own reading, rms and most", Micro(merged.Error, merged.LargestError), "-", Micro(integrated.Error, integrated.LargestError) + ": the hypervisor's work on the hit, known to the cycle");
        Row(page, "error that the way itself tells", Micro(fit.Residual, fit.LargestResidual) + FormattableString.Invariant($", {fit.Pairs} common events; drift {fit.Map.Drift * 1e6:0.0} ± {fit.DriftError * 1e6:0.0} ppm"), "-", "none: one clock");
        Row(page, "order across the guests", "within that error", "exact", "exact");
        Row(page, "Android is changed", "its kernel's tracer, marks", "no", "a module: controller, interrupt, converter");
        Row(page, "the RTOS is changed", "built with a tracer and marks", "no", "no");
        Row(page, "needs what both guests see", "yes, by the marks", "no", "no");
        Costs(page);
        Line(page, "");
        Line(page, "The merged times are off by more than the residual error tells: a mark reaches the RTOS later than Android, each time by about the same, and no log shows that.");
        Line(page, "");
        Line(page, "```sh");
        Line(page, "for s in per-guest-logs host-only integrated; do actortrace run scenarios/baselines/$s.yaml; done");
        Line(page, "actortrace replay per-guest-logs.atj --to console --guest ucos -o rtos.txt     # the RTOS's own log");
        Line(page, "actortrace replay per-guest-logs.atj --to trace.dat --cpu 0 -o android.dat    # Android's");
        Line(page, "actortrace merge android.dat rtos.txt -o merged.atj --find-offset print:sync  # offset, drift, residual error");
        Line(page, "actortrace replay host-only.atj --to ftrace --view board -o -                 # what the host sees");
        Line(page, "actortrace replay integrated.atj --to ftrace -o -                             # what the paper sees");
        Line(page, "actortrace inspect integrated.atj                                             # charged cycles");
        Line(page, "ops/comparison.sh                                                             # all of it against the ground truth");
        Line(page, "```");
    }

    private static void Costs(StringBuilder page)
    {
        CoreCost own = Approaches.CostOf(Approaches.PerGuest, 1);
        CoreCost rtos = Approaches.CostOf(Approaches.Integrated, 1);
        CoreCost android = Approaches.CostOf(Approaches.Integrated, 0);
        CoreCost marks = Approaches.CostOf(Approaches.PerGuest, 0);
        int instructions = Approaches.OwnInstructions();
        int entries = TruthRing.Read(Approaches.PerGuest.Guest("ucos")).Count;
        int records = (int)Approaches.Integrated.Probes.Sum(p => (long)p.Drained);
        Row(page, "cycles of the RTOS's core above host only, while it works", $"{Text(own.Compared)} in the hypervisor for the marks; {instructions} instructions of the guest a switch", "0", Text(rtos.Compared));
        Row(page, "the same, after it", $"{Text(own.After)}: it prints its log", "0", "-: it goes on as before");
        Row(page, "cycles of Android's core above host only", $"{Text(marks.Compared)}: marks", "0", Text(android.Compared));
        Row(
            page, "bytes", $"{Text(entries * OwnEntryBytes)} in the RTOS's memory ({entries} entries), {Text(Approaches.PerGuest.Console("ucos").Length)} over its UART", "0",
            $"{Text(records * RingRecordBytes)} through the shared ring ({records} records, used again)");
    }

    private static void Mistakes(StringBuilder page)
    {
        Line(page, "## The public monitor's mistakes");
        Line(page, "");
        Line(page, "The public code that the paper's system came from has a monitor instead of the trace service. Doubles of its mistakes");
        Line(page, "(`tests/EndToEnd/Predecessor`), each alone in the hypervisor, run the same guests; what they see is compared with the RTOS's own ring.");
        Line(page, "*Happened* is what the undisturbed system does. Ours sees all of it, and nothing else.");
        Line(page, "");
        Line(page, "| mistake | system and probes | happened | ours sees | it sees | lost | wrong | also |");
        Line(page, "|---|---|---|---|---|---|---|---|");
        foreach (Mistake mistake in Mistake.All)
        {
            MistakeResult result = mistake.Result;
            Row(
                page, mistake.Name, mistake.Where, Text(result.Ours.Happened), Text(result.Ours.Seen), Text(result.Theirs.Seen), Text(result.Lost), Text(result.Theirs.Wrong),
                result.Also);
        }

        Line(page, "");
        Line(page, "Re-arming at PC + 4 loses nothing where the guest comes to PC + 4 before the next hit, by the layout of its code; it takes a second trap for each.");
        Line(page, "No guest here splits its tables by TTBCR.N, which the public walk leaves out too.");
    }

    private static void Line(StringBuilder page, string line) => page.Append(line).Append('\n');

    private static void Row(StringBuilder page, params ReadOnlySpan<string> cells)
    {
        page.Append('|');
        foreach (string cell in cells)
        {
            page.Append(' ').Append(cell).Append(" |");
        }

        page.Append('\n');
    }

    private static string Of(int seen, int happened) => $"{Text(seen)} of {Text(happened)}";

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Micro(double error, double largest) =>
        FormattableString.Invariant($"{error / NanosecondsPerMicrosecond:0.0}, {largest / NanosecondsPerMicrosecond:0.0} us");
}
