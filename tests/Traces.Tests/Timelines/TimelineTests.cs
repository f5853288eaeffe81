using System.Text;
using System.Xml.Linq;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Tests.Formats;
using ActorTrace.Traces.Timelines;
using ActorTrace.Traces.Timelines.Figure;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Timelines;

/// <summary>Lanes, points and arrows of small runs.</summary>
public sealed class TimelineTests
{
    private static readonly TaskReference Idle = new(0, string.Empty, 120);
    private static readonly TaskReference A = new(2001, "A", 10);
    private static readonly TaskReference B = new(2002, "B", 12);

    [Fact]
    public void Slices_and_points_of_any_run_are_in_order_and_slices_do_not_overlap() => AnyRun.Sample(
        run =>
        {
            Timeline timeline = TimelineReader.OfRun(run.Source, TimelineWindow.All);
            foreach (TimelineLane lane in timeline.Lanes)
            {
                Assert.All(lane.Slices, slice => Assert.InRange(slice.End, slice.Start, timeline.End));
                Assert.All(lane.Slices.Zip(lane.Slices.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
                Assert.All(lane.Points.Zip(lane.Points.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
            }
        },
        iterations: 100);

    [Fact]
    public void A_task_runs_is_preempted_sleeps_and_waits_for_its_cpu()
    {
        var source = new MemorySource();
        source.AddLane(1, Switch(1, 100, Idle, 0, A), Switch(1, 200, A, 0, B), Switch(1, 300, B, 1, A), Switch(1, 400, A, 2, Idle), Wakeup(1, 450, Idle, B), Switch(1, 470, Idle, 0, B));
        Timeline timeline = TimelineReader.OfRun(source, TimelineWindow.All);
        Assert.Equal(
            ["100-200 running on CPU 1", "200-300 runnable, preempted", "300-400 running on CPU 1", "400-470 blocked (D)"],
            Slices(timeline, "task:2001"));
        Assert.Equal(
            ["200-300 running on CPU 1", "300-450 sleeping (S)", "450-470 runnable, woken", "470-470 running on CPU 1"],
            Slices(timeline, "task:2002"));
        Assert.Equal(["100-100 idle", "100-200 A", "200-300 B", "300-400 A", "400-470 idle", "470-470 B"], Slices(timeline, "cpu:1"));
    }

    [Fact]
    public void A_window_shows_what_runs_at_its_beginning_and_cuts_what_runs_at_its_end()
    {
        var source = new MemorySource();
        source.AddLane(1, Switch(1, 100, Idle, 0, A), Switch(1, 900, A, 1, Idle));
        Timeline timeline = TimelineReader.OfRun(source, new TimelineWindow(300, 500));
        Assert.Equal((300UL, 500UL, 0L), (timeline.Start, timeline.End, timeline.Events));
        Assert.Equal(["300-500 A"], Slices(timeline, "cpu:1"));
        Assert.Equal(["300-500 running on CPU 1"], Slices(timeline, "task:2001"));
    }

    [Fact]
    public void What_ran_while_events_were_lost_is_not_shown()
    {
        var source = new MemorySource();
        source.AddLane(1, Switch(1, 100, Idle, 0, A), Marker(1, 150, A, "last"), Lost(1, 800, 3), Switch(1, 800, B, 1, Idle), Marker(1, 900, Idle, "end"));
        Timeline timeline = TimelineReader.OfRun(source, TimelineWindow.All);
        Assert.Equal(["100-100 idle", "100-150 A", "150-800 3 events lost", "800-800 B", "800-900 idle"], Slices(timeline, "cpu:1"));
        Assert.Equal(["100-150 running on CPU 1"], Slices(timeline, "task:2001"));
    }

    [Fact]
    public void A_handler_is_cut_where_another_interrupts_it()
    {
        var source = new MemorySource();
        source.AddLane(0, Irq(100, 5, "outer", true), Irq(120, 6, "inner", true), Irq(150, 6, "inner", false), Irq(190, 5, "outer", false));
        Assert.Equal(
            ["100-120 irq 5 outer", "120-150 irq 6 inner", "150-190 irq 5 outer"],
            Slices(TimelineReader.OfRun(source, TimelineWindow.All), "irq:0"));
    }

    [Fact]
    public void The_hypervisor_has_its_core_from_entry_to_return()
    {
        var source = new MemorySource();
        source.Add("core-1", Step(StepKind.Trap, 100, 110, 0x8200_0022), Step(StepKind.Extraction, 110, 130, 1), Step(StepKind.Resume, 130, 140, 0), Step(StepKind.Trap, 200, 210, 0), Step(StepKind.Resume, 220, 230, 0));
        Timeline timeline = TimelineReader.OfRun(source, TimelineWindow.All);
        Assert.Equal(["100-140 probe", "200-230 interrupt"], Slices(timeline, "core:1"));
        TimelinePoint step = Assert.Single(timeline.Find("core:1")!.Points);
        Assert.Equal((110UL, "hyp_extract"), (step.At, timeline.Labels[step.Label].Text));
    }

    [Fact]
    public void An_arrow_leads_from_a_hit_to_its_entry_and_what_one_hit_led_to_is_one_arrow()
    {
        var source = new MemorySource();
        source.AddLane(0, Marker(0, 50, Idle, "begin"), Marker(0, 900, Idle, "end"));
        source.AddLane(
            1,
            Wakeup(1, 100, Idle, A) with { BufferedAt = new VirtualInstant(160) },
            Switch(1, 100, Idle, 0, A) with { BufferedAt = new VirtualInstant(160) },
            Switch(1, 300, A, 1, Idle) with { BufferedAt = new VirtualInstant(420) });
        Timeline timeline = TimelineReader.OfRun(source, TimelineWindow.All);
        Assert.Equal(
            ["100 cpu:1 -> 160 cpu:0 wake-up of A", "300 cpu:1 -> 420 cpu:0 switch to idle"],
            timeline.Arrows.Select(a => $"{a.From} {timeline.Lanes[a.FromLane].Key} -> {a.To} {timeline.Lanes[a.ToLane].Key} {timeline.Details[a.Detail]}"), StringComparer.Ordinal);
    }

    [Fact]
    public void More_events_than_a_page_shows_are_refused_unless_a_part_is_chosen()
    {
        Assert.Throws<TimelineTooLongException>(() => Send(TimelineWindow.All));
        Assert.Equal(1000, Send(new TimelineWindow(5000, 6000)).Events);

        static Timeline Send(TimelineWindow window)
        {
            var builder = new TimelineBuilder("long", window, _ => string.Empty);
            for (ulong at = 0; at <= Timeline.MostEvents; at++)
            {
                builder.Write(new TraceEvent { Type = EventCatalogue.CpuIdle, Nanoseconds = at, Cpu = 0, Pid = 0, Comm = "swapper/0", Tgid = -1 });
            }

            return builder.Build();
        }
    }

    [Fact]
    public void A_figure_is_well_formed_the_same_each_time_and_small_where_the_run_is_dense() => AnyRun.Sample(
        run =>
        {
            byte[] first = Svg(run);
            Assert.Equal(first, Svg(run));
            XElement svg = XDocument.Parse(Encoding.UTF8.GetString(first)).Root!;
            Assert.Equal(("800", "300"), (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value));
            Assert.InRange(first.Length, 1, 400_000);
        },
        iterations: 50);

    private static byte[] Svg(AnyRun run)
    {
        var output = new MemoryStream();
        new TimelineFigure(TimelineReader.OfRun(run.Source, TimelineWindow.All), 800, 300).WriteSvg(output);
        return output.ToArray();
    }

    private static string[] Slices(Timeline timeline, string lane) =>
        [.. timeline.Find(lane)!.Slices.Select(slice => $"{slice.Start}-{slice.End} {timeline.Labels[slice.Label].Text}")];

    private static IrqRecord Irq(ulong at, int irq, string name, bool isEntry) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), Gpos, new CoreId(0), Idle, irq, name, isEntry);

    private static StepRecord Step(StepKind kind, ulong start, ulong end, ulong detail) =>
        new(default, kind, CostCategory.None, new VirtualInstant(start), new VirtualInstant(end), new CoreId(1), Rtos, 0, detail, 0);
}
