using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Timelines;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>Pages of traces that are unlike the paper's: very long, empty, hostile, with gaps.</summary>
public sealed class UnusualPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void A_page_of_a_million_events_can_be_used()
    {
        const int events = 1_000_000;
        int[] runs = new int[SyntheticTrace.Tasks + 1];
        string page = Save("long & <many>", sink => SyntheticTrace.Send(sink, events, runs));
        browser.Open(page);
        Assert.Contains("1,000,000 events", browser.Text("facts"), StringComparison.Ordinal);
        Assert.True(browser.Colored(0, browser.LaneTop("cpu:0") + 1, browser.ChartWidth, 20) > browser.ChartWidth);
        (long From, long Until) all = browser.Range();
        browser.Wheel(500, 60, -250);
        (long From, long Until) near = browser.RangeAfter(all);
        Assert.True(near.Until - near.From < all.Until - all.From);
        browser.Press("wwwwwwwwwwwwwwwwwwww");
        _ = browser.RangeAfter(near);
        browser.MoveTo(500, browser.LaneTop("cpu:0") + 10);
        Browser.WaitFor(() => !browser.IsHidden("tip"));
        browser.Find("#search").SendKeys("task-17.");
        int matches = runs[17] * 2;
        Browser.WaitFor(() => string.Equals(browser.Text("matches").Replace("\u202f", "", StringComparison.Ordinal), $"{matches} matches", StringComparison.Ordinal));
        browser.Find("#next").Click();
        Browser.WaitFor(() => browser.Text("details").Contains("task-17.", StringComparison.Ordinal));
        Assert.Empty(browser.Console());
    }

    [SkippableFact]
    public void A_page_without_an_event_opens()
    {
        browser.Open(Save("nothing", _ => { }));
        browser.Press("wsad0");
        browser.Click(300, 10);
        Assert.Empty(browser.Console());
    }

    [SkippableFact]
    public void Names_are_shown_as_text_and_never_become_part_of_the_page()
    {
        const string name = "</script><img src=x onerror=alert(1)>";
        string page = Save(name, sink =>
        {
            sink.Write(SyntheticTrace.Switch(1000, 0, 0, "swapper/0", 7, name));
            sink.Write(SyntheticTrace.Marker(1500, 0, 7, name, name));
            sink.Write(SyntheticTrace.Switch(9000, 0, 7, name, 0, "swapper/0"));
        });
        browser.Open(page, "#t=0-10000&p=cpu:0@1500");
        Assert.Equal(name, browser.Run<string>("return document.querySelector('h1').textContent"));
        Assert.Equal(name, browser.Run<string>("return document.querySelector(\"[data-lane='task:7'] b\").textContent"));
        Assert.Contains(name, browser.Text("details"), StringComparison.Ordinal);
        Assert.Equal(0, browser.Run<long>("return document.images.length"));
        Assert.Empty(browser.Requests());
        Assert.Empty(browser.Console());
    }

    [SkippableFact]
    public void A_gap_is_shown_where_events_were_lost()
    {
        string page = Save("gap", sink =>
        {
            sink.Write(SyntheticTrace.Switch(1_000, 0, 0, "swapper/0", 7, "worker"));
            sink.Lost(0, 5_000, 12);
            sink.Write(SyntheticTrace.Switch(5_000, 0, 8, "other", 7, "worker"));
            sink.Write(SyntheticTrace.Switch(9_000, 0, 7, "worker", 0, "swapper/0"));
        });
        browser.Open(page, "#t=1000-9000&e=cpu:0@3000");
        Assert.Contains("12 events lost", browser.Text("details"), StringComparison.Ordinal);
        Assert.True(browser.Colored(browser.X(1_100), browser.LaneTop("cpu:0") + 1, 300, 20) > 100);
    }

    private string Save(string title, Action<ITraceEventSink> send)
    {
        var builder = new TimelineBuilder(title, TimelineWindow.All, _ => string.Empty);
        send(builder);
        string path = Path.Combine(_folder.FullName, "page.html");
        using FileStream page = File.Create(path);
        Timeline timeline = builder.Build();
        HtmlReport.Write(page, Report(timeline), timeline);
        return path;
    }

    /// <summary>A report without figures: what is looked at here is the timeline.</summary>
    private static TraceReport Report(Timeline timeline) => new()
    {
        Name = timeline.Title,
        From = timeline.Start,
        Until = timeline.End,
        Events = (ulong)timeline.Events,
        Cpus = [],
        Tasks = [],
        Inversions = new InversionReport(Distribution.None, []),
        Interrupts = new InterruptReport(Distribution.None, []),
        Hypervisor = null,
    };
}
