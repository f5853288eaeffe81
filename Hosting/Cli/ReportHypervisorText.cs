using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Events;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>The hypervisor's part of a <see cref="ReportText"/>.</summary>
/// <param name="output">Where to.</param>
/// <param name="report">What is known of it.</param>
internal sealed class ReportHypervisorText(TextWriter output, HypervisorReport report)
{
    private const int ShownOfLongest = 5;

    /// <summary>Writes it.</summary>
    public void Write()
    {
        WriteCores();
        WriteStretches();
        WriteTraps();
        WriteCosts();
        WriteHypercalls();
        WritePaths();
    }

    private void WriteCores()
    {
        Table table = Rendering.Table("core#", "observed#", "hypervisor#", "busy#", "idle#", "untraced#");
        foreach (CoreReport core in report.Cores)
        {
            Rendering.Row(
                table, Rendering.Number(core.Core.Index), Rendering.Duration(core.Observed), Share(core.Hypervisor, core.Observed),
                Share(core.Busy, core.Observed), Share(core.Idle, core.Observed), Share(core.Untraced, core.Observed));
        }

        Rendering.Section(output, "Physical cores", table);
    }

    private void WriteStretches()
    {
        Table table = Rendering.Table("core#", "from#", "lasted#", "cause", "guest", "pc#");
        foreach (HypervisorStretch stretch in report.Longest.Take(ShownOfLongest))
        {
            Rendering.Row(
                table, Rendering.Number(stretch.Core.Index), Rendering.Seconds(stretch.From), Rendering.Duration(stretch.Nanoseconds),
                stretch.Cause, stretch.Guest, $"0x{stretch.Pc:x}");
        }

        Rendering.Section(output, $"In the hypervisor: {Rendering.Number(report.Occupied.Count)} stretches, the longest", table);
    }

    private void WriteTraps()
    {
        Table table = ReportText.FigureTable("core#", "cause", "cycles#");
        foreach (TrapReport trap in report.Traps)
        {
            Rendering.Row(table, [Rendering.Number(trap.Core.Index), trap.Cause, Rendering.Number(trap.Cycles), .. ReportText.Cells(trap.Durations)]);
        }

        Rendering.Section(output, "Traps: from entering the hypervisor to leaving it", table);
    }

    private void WriteCosts()
    {
        Table table = Rendering.Table("core#", "charged to", "cycles#");
        foreach (CoreSummary core in report.Costs)
        {
            foreach ((CostCategory category, ulong cycles) in core.Cycles)
            {
                Rendering.Row(table, Rendering.Number(core.Core.Index), category.ToString(), Rendering.Number(cycles));
            }
        }

        Rendering.Section(output, "Cycles by what they are charged to", table);
    }

    private void WriteHypercalls()
    {
        Table table = Rendering.Table("core#", "immediate#", "count#", "cycles#");
        foreach (HypercallReport call in report.Hypercalls)
        {
            Rendering.Row(table, Rendering.Number(call.Core.Index), $"0x{call.Immediate:x}", Rendering.Number(call.Count), Rendering.Number(call.Cycles));
        }

        Rendering.Section(output, "Hypercalls", table);
    }

    private void WritePaths()
    {
        Table lanes = ReportText.FigureTable("lane#", "guest", "vcpu#");
        foreach (LaneReport lane in report.Lanes.Where(lane => lane.HitToBuffer.Count > 0))
        {
            Rendering.Row(lanes, [Rendering.Number((ulong)lane.Lane), lane.Guest, Rendering.Number((ulong)lane.Vcpu), .. ReportText.Cells(lane.HitToBuffer)]);
        }

        Rendering.Section(output, "From a hit to the trace buffer", lanes);
        Table ipis = ReportText.FigureTable("from#", "to#", "unmatched#");
        foreach (IpiReport ipi in report.Ipis)
        {
            Rendering.Row(
                ipis, [Rendering.Number(ipi.From.Index), Rendering.Number(ipi.To.Index), Rendering.Number(ipi.Unmatched), .. ReportText.Cells(ipi.Latency)]);
        }

        Rendering.Section(output, "Signals between cores: from sending until the other core takes it", ipis);
    }

    private static string Share(ulong part, ulong whole) => whole == 0 ? "-" : Rendering.Percent((double)part / whole);
}
