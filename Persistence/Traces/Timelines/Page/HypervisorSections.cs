using System.Globalization;
using ActorTrace.Traces.Analysis.Report;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>The figures of the hypervisor as tables and histograms.</summary>
/// <param name="html">Where to.</param>
/// <param name="report">The figures.</param>
/// <param name="links">Places on the timeline.</param>
internal sealed class HypervisorSections(HtmlWriter html, HypervisorReport report, TimelineLinks links)
{
    /// <summary>Writes them.</summary>
    public void Write()
    {
        WriteTracing();
        html.BeginSection("hypervisor", "Hypervisor");
        WriteCores();
        WriteLongest();
        WriteTraps();
        WriteCosts();
        html.EndSection();
    }

    private void WriteTracing()
    {
        html.BeginSection("tracing", "From a hit to its log entry");
        html.Table(
            ReportSections.Columns("<guest", "vCPU"),
            report.Lanes.Where(lane => lane.HitToBuffer.Count > 0).Select(lane => (IReadOnlyList<HtmlCell>)
            [
                lane.Guest, TimeText.Number(lane.Vcpu), .. ReportSections.Cells(lane.HitToBuffer, links.ToArrow(lane.HitToBuffer.Max)),
            ]));
        html.Heading("Signals between cores");
        html.Note("From sending until the other core's hypervisor takes it.");
        html.Table(
            ReportSections.Columns("from core", "to core", "unmatched"),
            report.Ipis.Select(ipi => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(ipi.From.Index), TimeText.Number(ipi.To.Index), TimeText.Count(ipi.Unmatched), .. ReportSections.Cells(ipi.Latency),
            ]));
        html.BeginCards();
        foreach (LaneReport lane in report.Lanes.Where(lane => lane.HitToBuffer.Bins.Count > 0))
        {
            html.Card("Hit to log entry", $"{lane.Guest}, vCPU {TimeText.Number(lane.Vcpu)}", Histogram.Draw(lane.HitToBuffer));
        }

        foreach (IpiReport ipi in report.Ipis.Where(ipi => ipi.Latency.Bins.Count > 0))
        {
            html.Card("Signal latency", $"core {TimeText.Number(ipi.From.Index)} to core {TimeText.Number(ipi.To.Index)}", Histogram.Draw(ipi.Latency));
        }

        html.EndCards();
        html.EndSection();
    }

    private void WriteCores()
    {
        html.Heading("Time of the cores");
        html.Table(
            ["core", "observed", "hypervisor", "guests busy", "guests idle", "untraced"],
            report.Cores.Select(core => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(core.Core.Index), TimeText.Duration(core.Observed), TimeText.Share(core.Hypervisor, core.Observed),
                TimeText.Share(core.Busy, core.Observed), TimeText.Share(core.Idle, core.Observed), TimeText.Share(core.Untraced, core.Observed),
            ]));
    }

    private void WriteLongest()
    {
        html.Heading("Longest stays");
        html.Table(
            ["core", "from", "lasted", "<cause", "<guest", "pc"],
            report.Longest.Select(stretch => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(stretch.Core.Index),
                new HtmlCell(TimeText.Instant(stretch.From), links.To($"core:{TimeText.Number(stretch.Core.Index)}", stretch.From, stretch.Nanoseconds)),
                TimeText.Duration(stretch.Nanoseconds), stretch.Cause, stretch.Guest, Hexadecimal(stretch.Pc),
            ]));
    }

    private void WriteTraps()
    {
        html.Heading("Traps");
        html.Note("From entering the hypervisor to leaving it.");
        html.Table(
            ReportSections.Columns("core", "<cause", "cycles"),
            report.Traps.Select(trap => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(trap.Core.Index), trap.Cause, TimeText.Count(trap.Cycles), .. ReportSections.Cells(trap.Durations),
            ]));
        html.Heading("Hypercalls");
        html.Table(
            ["core", "immediate", "count", "cycles"],
            report.Hypercalls.Select(call => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(call.Core.Index), Hexadecimal(call.Immediate), TimeText.Count(call.Count), TimeText.Count(call.Cycles),
            ]));
    }

    private void WriteCosts()
    {
        html.Heading("Cycles by what they are charged to");
        html.Table(
            ["core", "<charged to", "cycles"],
            report.Costs.SelectMany(core => core.Cycles.Select(cost => (IReadOnlyList<HtmlCell>)
            [
                TimeText.Number(core.Core.Index), cost.Key.ToString(), TimeText.Count(cost.Value),
            ])));
    }

    private static string Hexadecimal(uint value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
