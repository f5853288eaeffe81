using System.Globalization;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using OpenQA.Selenium;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The page of the paper's experiment, used in Chromium as its reader would.</summary>
public sealed class PaperPageTests(PaperRun run, Browser browser) : IClassFixture<PaperRun>, IClassFixture<Browser>
{
    // Two periods of the RTOS, well inside the traced time.
    private const string Periods = "#t=100000000-150000000";

    [SkippableFact]
    public void Every_lane_of_the_page_has_something_drawn_in_it()
    {
        browser.Open(run.Page);
        string[] keys = browser.Run<string>("return [...document.querySelectorAll('[data-lane]')].map(lane => lane.dataset.lane).join(' ')").Split(' ');
        string[] tasks = [.. run.Switches.SelectMany(e => new[] { e.Number(0), e.Number(3) }).Where(pid => pid != 0).Distinct().Order().Select(pid => $"task:{pid}")];
        Assert.Equal(["core:0", "core:1", "cpu:0", "cpu:1", "irq:0", .. tasks], 
            keys.OrderBy(key => key.Split(':')[0], StringComparer.Ordinal).ThenBy(key => int.Parse(key.Split(':')[1], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        browser.Run<object>("document.getElementById('scroller').style.maxHeight = 'none'");
        Browser.WaitFor(() => keys.All(key => browser.Colored(0, browser.LaneTop(key) + 1, browser.ChartWidth, key.StartsWith("irq", StringComparison.Ordinal) ? 7 : 14) > 0));
    }

    [SkippableFact]
    public void The_wheel_zooms_and_the_instant_under_the_pointer_stays()
    {
        browser.Open(run.Page, Periods);
        (long from, long until) = browser.Range();
        int x = browser.ChartWidth / 4;
        browser.Wheel(x, 60, -200);
        (long nearFrom, long nearUntil) = browser.RangeAfter((from, until));
        Assert.InRange(nearUntil - nearFrom, 1, (until - from) * 3 / 4);
        double before = from + ((until - from) / 4.0);
        double after = nearFrom + ((nearUntil - nearFrom) / 4.0);
        Assert.InRange(after - before, -2.0 * (until - from) / browser.ChartWidth, 2.0 * (until - from) / browser.ChartWidth);
        browser.Wheel(x, 60, 200);
        (long farFrom, long farUntil) = browser.RangeAfter((nearFrom, nearUntil));
        Assert.InRange((farUntil - farFrom) / (double)(until - from), 0.999, 1.001);
    }

    [SkippableFact]
    public void Dragging_moves_the_range_with_the_pointer()
    {
        browser.Open(run.Page, Periods);
        (long from, long until) = browser.Range();
        browser.Drag(600, 400, 60);
        (long movedFrom, long movedUntil) = browser.RangeAfter((from, until));
        double expected = 200.0 * (until - from) / browser.ChartWidth;
        Assert.Equal(until - from, movedUntil - movedFrom, 1.0);
        Assert.InRange(movedFrom - from, expected * 0.95, expected * 1.05);
    }

    [SkippableFact]
    public void The_tooltip_gives_the_exact_times_of_the_stay_under_the_pointer()
    {
        browser.Open(run.Page, Periods);
        TraceEvent[] switches = [.. run.Switches.Where(e => e.Cpu == 1 && e.Nanoseconds > 105_000_000)];
        int long4 = Array.FindIndex(switches, e => e.Text(1) is "RTOS-Task4");
        (ulong start, ulong end) = (switches[long4].Nanoseconds, switches[long4 + 1].Nanoseconds);
        browser.MoveTo(browser.X((start + end) / 2), browser.LaneTop("cpu:1") + 10);
        Browser.WaitFor(() => !browser.IsHidden("tip"));
        string tip = Plain(browser.Text("tip"));
        Assert.StartsWith("RTOS-Task4", tip, StringComparison.Ordinal);
        Assert.Contains("from" + Seconds(start), tip, StringComparison.Ordinal);
        Assert.Contains("to" + Seconds(end), tip, StringComparison.Ordinal);
        Assert.Contains($"({end - start}ns)", tip, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Search_counts_what_concerns_a_task_and_goes_from_one_to_the_next()
    {
        browser.Open(run.Page);
        string[] places =
        [
            .. run.Events.Where(e => IsSwitchTo(e, "RTOS-Task2") || (e.Type == EventCatalogue.SchedWakeup && e.Text(0) is "RTOS-Task2"))
                .Select(e => (e.Nanoseconds, Place: e.Type == EventCatalogue.SchedSwitch ? $"e=cpu:1@{e.Nanoseconds}" : $"p=task:2005@{e.Nanoseconds}"))
                .OrderBy(e => e.Nanoseconds).ThenBy(e => e.Place, StringComparer.Ordinal).Select(e => e.Place),
        ];
        IWebElement field = browser.Find("#search");
        field.SendKeys("rtos-task2");
        Browser.WaitFor(() => string.Equals(Plain(browser.Text("matches")), $"{places.Length}matches", StringComparison.Ordinal));
        string first = Go(field, Keys.Enter);
        int rank = Array.IndexOf(places, first);
        Assert.True(rank >= 0, first);
        Assert.Equal(places[rank + 1], Go(field, Keys.Enter));
        Assert.Equal(places[rank + 2], Go(field, Keys.Enter));
        Assert.Equal($"{rank + 3}of{places.Length}", Plain(browser.Text("matches")));
        Assert.Equal(places[rank + 1], Go(field, Keys.Shift + Keys.Enter));
    }

    [SkippableFact]
    public void Keys_zoom_move_and_show_all()
    {
        browser.Open(run.Page);
        (long From, long Until) all = browser.Range();
        browser.Press("w");
        (long From, long Until) near = browser.RangeAfter(all);
        Assert.InRange((near.Until - near.From) / (double)(all.Until - all.From), 0.79, 0.81);
        browser.Press("d");
        (long From, long Until) right = browser.RangeAfter(near);
        Assert.True(right.From > near.From && right.Until - right.From <= near.Until - near.From + 1);
        browser.Press("a");
        Assert.Equal(near.From, browser.RangeAfter(right).From, 2.0);
        browser.Press("++");
        (long From, long Until) nearer = browser.RangeAfter(near);
        browser.Press("-");
        Assert.True(browser.RangeAfter(nearer).Until > nearer.Until);
        browser.Press("0");
        Browser.WaitFor(() => browser.Range() == all);
    }

    [SkippableFact]
    public void Clicking_a_traced_switch_shows_its_arrow_and_leads_to_its_log_entry()
    {
        browser.Open(run.Page, Periods);
        SwitchRecord hit = run.Converted.OfType<SwitchRecord>().First(r => r.Next.Comm is "RTOS-Task3" && Nanoseconds(r.At.Cycles) > 105_000_000);
        (ulong at, ulong stored) = (Nanoseconds(hit.At.Cycles), Nanoseconds(hit.BufferedAt.Cycles));
        browser.Click(browser.X(at) + 8, browser.LaneTop("cpu:1") + 10);
        Browser.WaitFor(() => browser.Text("details").Contains("RTOS-Task3", StringComparison.Ordinal));
        string details = Plain(browser.Text("details"));
        Assert.Contains($"hit{Seconds(at)}onCPU1", details, StringComparison.Ordinal);
        Assert.Contains($"logentry{Seconds(stored)}onCPU0", details, StringComparison.Ordinal);
        browser.Find("#details .arrow button").Click();
        Browser.WaitFor(() => browser.Run<string>("return location.hash").Contains("e=cpu:0@", StringComparison.Ordinal));
        ulong idleSince = run.Switches.Last(e => e.Cpu == 0 && e.Nanoseconds <= stored).Nanoseconds;
        Assert.EndsWith($"e=cpu:0@{idleSince}", browser.Run<string>("return location.hash"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_link_to_a_place_on_the_timeline_leads_there()
    {
        browser.Open(run.Page);
        ulong at = run.Switches.First(e => e.Text(1) is "RTOS-Task1" && e.Nanoseconds > 100_000_000).Nanoseconds;
        browser.Run<object>($"location.hash = '#t={at - 1000}-{at + 9000}&e=task:2004@{at}'");
        Browser.WaitFor(() => browser.Range() == ((long)at - 1000, (long)at + 9000));
        Assert.Contains("running on CPU 1", browser.Text("details"), StringComparison.Ordinal);
        Assert.Contains(Seconds(at), Plain(browser.Text("details")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_worst_response_time_of_a_table_leads_to_its_job()
    {
        browser.Open(run.Page);
        IWebElement link = browser.Find("#tasks a[href*='task:2007@']");
        string worst = link.Text;
        browser.Run<object>("arguments[0].scrollIntoView()", link);
        link.Click();
        Browser.WaitFor(() => browser.Text("details").Contains("runnable, woken", StringComparison.Ordinal));
        ulong released = ulong.Parse(Place().Split('@')[1], CultureInfo.InvariantCulture);
        Assert.Contains(run.Events, e => e.Type == EventCatalogue.SchedWakeup && e.Number(0) == 2007 && e.Nanoseconds == released);
        ulong completed = run.Switches.First(e => e.Number(0) == 2007 && e.Number(2) == 1 && e.Nanoseconds > released).Nanoseconds;
        Assert.Equal(worst, string.Create(CultureInfo.InvariantCulture, $"{(completed - released) / 1_000_000m:0.00} ms"));
        Assert.InRange((long)released, browser.Range().From, browser.Range().Until - 1);
    }

    [SkippableFact]
    public void Nothing_is_fetched_and_nothing_is_complained_about()
    {
        browser.Open(run.Page);
        browser.Press("wwww");
        browser.Click(300, 60);
        browser.Find("#search").SendKeys("irq" + Keys.Enter);
        Browser.WaitFor(() => browser.Text("matches").Contains("of", StringComparison.Ordinal));
        Assert.Empty(browser.Requests());
        Assert.Empty(browser.Console());
        string refused = browser.Run<string>(
            """
            const image = new Image();
            return fetch('data:text/plain,x').then(() => 'fetched', error => error.name);
            """);
        Assert.Equal("TypeError", refused);
        Assert.NotEmpty(browser.Console());
    }

    [SkippableFact]
    public void The_page_is_dark_where_the_reader_wants_it_dark()
    {
        const string brightness = "return getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)";
        browser.Open(run.Page, dark: true);
        Assert.InRange(browser.Run<long>(brightness), 0, 150);
        browser.Open(run.Page);
        Assert.InRange(browser.Run<long>(brightness), 600, 765);
    }

    private static bool IsSwitchTo(in TraceEvent e, string task) =>
        e.Type == EventCatalogue.SchedSwitch && string.Equals(e.Text(1), task, StringComparison.Ordinal);

    /// <summary>Where the next match is, as the page's address names it.</summary>
    private string Go(IWebElement field, string keys)
    {
        string before = Place();
        field.SendKeys(keys);
        Browser.WaitFor(() => !string.Equals(Place(), before, StringComparison.Ordinal));
        return Place();
    }

    private string Place() => browser.Run<string>("return location.hash").Split('&', 2) is [_, string place] ? place : string.Empty;

    private ulong Nanoseconds(ulong cycles) => run.Source.Manifest.Clock.ToNanoseconds(new Machine.Values.VirtualInstant(cycles));

    /// <summary>The page's way to write an instant, without its spaces: 0.209849407s.</summary>
    private static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds % 1_000_000_000:d9}s");

    private static string Plain(string text) => text.Replace("\u202f", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
