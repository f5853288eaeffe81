using System.Globalization;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Timelines;
using Xunit;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The timeline that the service's page makes of events, compared with the one that a report has.</summary>
public sealed class LiveTimelineTests(PaperRun run, QuietBrowser browser) : IClassFixture<PaperRun>, IClassFixture<QuietBrowser>, IDisposable
{
    private const int Chunk = 200;

    private readonly StandIn _service = new();

    public void Dispose() => _service.Dispose();

    [SkippableFact]
    public void Events_that_come_one_after_the_other_make_the_timeline_of_the_report()
    {
        Timeline report = TimelineReader.OfRun(run.Source, TimelineWindow.All);
        Dictionary<string, List<string>> events = new(StringComparer.Ordinal) { ["gpos"] = Read(TraceView.Gpos), ["board"] = Read(TraceView.Board) };
        object[] guests = [.. run.Source.Manifest.Guests.Select(g => new { g.Name, FirstCpu = g.FirstLinuxCpu, Vcpus = g.VcpuCores.Count })];
        browser.Visit(_service.Add(new MadeRun("paper", report.End, (view, from) => Send(events[view], from)) { Guests = guests }));
        WaitUntilWhole();
        Compare(report);
        Assert.Empty(browser.Console());
    }

    [SkippableFact]
    public void The_board_view_is_that_of_the_board_alone()
    {
        var builder = new TimelineBuilder("board", TimelineWindow.All, _ => string.Empty);
        new Replay(run.Source, TraceView.Board).Send(builder);
        Timeline board = builder.Build();
        List<string> events = Read(TraceView.Board);
        browser.Visit(_service.Add(new MadeRun("board", board.End, (view, from) => Send(view is "board" ? events : [], from))) + "&view=board");
        WaitUntilWhole();
        Compare(board);
    }

    [SkippableFact]
    public void A_stream_that_breaks_goes_on_with_the_event_wanted_next()
    {
        (EventJson events, Timeline whole) = Both(sink => SyntheticTrace.Send(sink, 1_000, new int[SyntheticTrace.Tasks + 1]));
        browser.Visit(_service.Add(new MadeRun("broken", whole.End, (view, from) => Break(view is "gpos" ? events.All : [], from))));
        WaitUntilWhole();
        Compare(whole);
    }

    [SkippableFact]
    public void Events_of_every_kind_in_any_order_make_the_same_timeline_as_in_a_report()
    {
        (EventJson events, Timeline whole) = Both(sink => SyntheticTrace.SendAnything(sink, 4_000));
        browser.Visit(_service.Add(new MadeRun("any", whole.End, (view, from) => Send(view is "gpos" ? events.All : [], from))));
        WaitUntilWhole();
        Compare(whole);
    }

    [SkippableFact]
    public void What_a_slow_reader_missed_is_a_gap()
    {
        EventJson events = Made(sink =>
        {
            sink.Write(SyntheticTrace.Switch(1_000, 0, 0, "swapper/0", 7, "worker"));
            sink.Write(SyntheticTrace.Switch(9_000, 0, 8, "other", 7, "worker"));
        });
        string[] messages = [MadeRun.Events(0, [events.All[0]]), MadeRun.Message("missed", """{"from":1,"to":13}"""), MadeRun.Events(13, [events.All[1]])];
        browser.Visit(_service.Add(new MadeRun("slow", 10_000, (view, _) => Whole(view, messages))));
        WaitUntilWhole();
        Assert.Equal(
            ["1000 1000 idle idle", "1000 1000 task worker", "1000 9000 loss 12 events lost", "9000 9000 task other", "9000 10000 task worker"], Slices("cpu:0"));
    }

    [SkippableFact]
    public void A_loss_and_events_that_come_late_are_where_they_belong()
    {
        EventJson events = Made(sink =>
        {
            sink.Write(SyntheticTrace.Switch(1_000, 0, 0, "swapper/0", 7, "worker"));
            sink.Write(SyntheticTrace.Marker(3_000, 0, 7, "worker", "second"));
            sink.Write(SyntheticTrace.Marker(2_000, 0, 7, "worker", "first"));
            sink.Lost(0, 5_000, 3);
        });
        browser.Visit(_service.Add(new MadeRun("late", 6_000, (view, _) => Whole(view, [MadeRun.Events(0, events.All)]))));
        WaitUntilWhole();
        Assert.Equal(["2000 marker first", "3000 marker second", "5000 loss "], Lines(
            "timeline.lanes[0].points, [...points.start].map((at, i) => `${at} ${styles[timeline.labels[points.label[i]].style]} ${timeline.details[points.detail[i]]}`)", "points"));
    }

    [SkippableFact]
    public void Names_are_shown_as_text_and_never_become_part_of_the_page()
    {
        const string name = "<img src=x onerror=alert(1)>";
        EventJson events = Made(sink =>
        {
            sink.Write(SyntheticTrace.Switch(1_000, 0, 0, "swapper/0", 7, name));
            sink.Write(SyntheticTrace.Marker(1_500, 0, 7, name, name));
        });
        var chain = new { Id = "1", Name = name, StartNs = 0, EndNs = 9, Guest = name, Task = name, Symbol = name };
        var sequence = new { chain.Id, chain.Name, Participants = new[] { new { Name = name, IsActor = false }, new { Name = "hyp", IsActor = true } }, Messages = new[] { new { From = name, To = "hyp", Message = name, StartNs = 0, EndNs = 9, Core = 0, Attributes = new { Pc = name } } } };
        browser.Visit(_service.Add(new MadeRun("hostile", 10_000, (view, _) => Whole(view, [MadeRun.Events(0, events.All)]))
        {
            Name = name,
            Guests = [new { Name = name, FirstCpu = 0, Vcpus = 1 }],
            Chains = [chain],
            Sequences = new Dictionary<string, object>(StringComparer.Ordinal) { ["1"] = sequence },
        }));
        WaitUntilWhole();
        browser.Press("3");
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll('#chains li').length") == 1);
        browser.Find("#chains li").Click();
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll('#sequence .message').length") == 1);
        Assert.Equal(name, browser.Text("run-name"));
        Assert.Equal(name, browser.Run<string>("return document.querySelector(\"[data-lane='task:7'] b\").textContent"));
        Assert.Equal(0, browser.Run<long>("return document.images.length"));
        Assert.Empty(browser.Console());
    }

    private List<string> Read(TraceView view)
    {
        var sink = new EventJson();
        new Replay(run.Source, view).Send(sink);
        return sink.All;
    }

    private static EventJson Made(Action<EventJson> send)
    {
        var events = new EventJson();
        send(events);
        return events;
    }

    private static (EventJson Events, Timeline Report) Both(Action<ITraceEventSink> send)
    {
        var builder = new TimelineBuilder("made", TimelineWindow.All, _ => string.Empty);
        send(builder);
        return (Made(send), builder.Build());
    }

    private static async IAsyncEnumerable<string> Send(List<string> events, long from)
    {
        for (int at = (int)from; at < events.Count; at += Chunk)
        {
            yield return MadeRun.Events(at, events.Skip(at).Take(Chunk));
            await Task.Yield();
        }
    }

    private static async IAsyncEnumerable<string> Whole(string view, IEnumerable<string> messages)
    {
        foreach (string message in view is "gpos" ? messages : [])
        {
            yield return message;
        }

        await Task.Yield();
    }

    /// <summary>Cuts the first connection after some events; the next one sends some of them again, as a service may.</summary>
    private static async IAsyncEnumerable<string> Break(List<string> events, long from)
    {
        await foreach (string message in Send(events, Math.Max(0, from - 50)))
        {
            yield return message;
            if (from == 0 && events.Count > 0)
            {
                throw new IOException("cut off by the test");
            }
        }
    }

    /// <summary>Finds every bar and mark of a timeline on the page, and no other.</summary>
    private void Compare(Timeline expected)
    {
        Assert.NotEmpty(expected.Lanes);
        Assert.Equal(
            expected.Lanes.Select(lane => $"{lane.Key} {lane.Title} {lane.Note} {lane.Group}"),
            Lines("timeline.lanes.map(lane => `${lane.key} ${lane.title} ${lane.note} ${lane.group}`)"),
            StringComparer.Ordinal);
        foreach (TimelineLane lane in expected.Lanes)
        {
            Assert.Equal(lane.Slices.Select(slice => Line($"{slice.Start} {slice.End} {Name(expected, slice.Label)}")), Slices(lane.Key), StringComparer.Ordinal);
            Assert.Equal(lane.Points.Select(point => Line($"{point.At} {Name(expected, point.Label)} {Name(expected, point.Task)}")), Points(lane.Key), StringComparer.Ordinal);
        }
    }

    private void WaitUntilWhole() => Browser.WaitFor(() => browser.Run<bool>("return document.getElementById('timeline').dataset.ready === 'true'"));

    private static string Name(Timeline timeline, int label) => Line($"{timeline.Labels[label].Style.ToString().ToLowerInvariant()} {timeline.Labels[label].Text}");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string[] Slices(string key) => Lines(
        $"timeline.lanes.find(lane => lane.key === '{key}').slices, [...slices.start].map((at, i) => `${{at}} ${{slices.end[i]}} ${{name(slices.label[i])}}`)", "slices");

    private string[] Points(string key) => Lines(
        $"timeline.lanes.find(lane => lane.key === '{key}').points, [...points.start].map((at, i) => `${{at}} ${{name(points.label[i])}} ${{name(points.task[i])}}`)", "points");

    /// <summary>Lines that an expression over the page's timeline gives; with a variable the expression is its value, a comma, and the lines.</summary>
    private string[] Lines(string expression, string? variable = null)
    {
        string lines = variable is null ? expression : $"(({variable}) => {expression[(expression.IndexOf(", [...", StringComparison.Ordinal) + 2)..]})({expression[..expression.IndexOf(", [...", StringComparison.Ordinal)]})";
        string text = browser.Run<string>(
            $$"""
            const timeline = actortrace.app.timeline;
            const styles = ['idle', 'task', 'woken', 'preempted', 'sleeping', 'blocked', 'interrupt', 'hypervisor', 'loss', 'hit', 'marker', 'probe', 'step', 'wakeup', 'other'];
            const name = label => `${styles[timeline.labels[label].style]} ${timeline.labels[label].text}`;
            return {{lines}}.join('\n');
            """);
        return text.Length == 0 ? [] : text.Split('\n');
    }
}
