using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The page under a load that no simulation on this machine makes: 50,000 events in a second.</summary>
public sealed class LoadTests(QuietBrowser browser, ITestOutputHelper output) : IClassFixture<QuietBrowser>, IDisposable
{
    private const int Rate = 50_000;
    private const int Seconds = 12;
    private const int Kept = 250_000;
    private const int Chunk = 500;

    private readonly StandIn _service = new();

    public void Dispose() => _service.Dispose();

    [SkippableFact]
    public void Under_50_000_events_a_second_each_is_counted_the_memory_is_bounded_and_what_is_no_longer_kept_is_said()
    {
        var events = new EventJson();
        SyntheticTrace.Send(events, Rate * Seconds, new int[SyntheticTrace.Tasks + 1]);
        browser.Visit(_service.Address);
        Browser.WaitFor(() => browser.Run<bool>("return window.actortrace !== undefined"));
        double before = browser.HeapBytes();
        browser.Run<object>($"actortrace.settings.mostKept = {Kept}");
        string address = _service.Add(new MadeRun("load", 0, (view, from) => Send(view is "gpos" ? events.All : [], from)) { State = "running" });
        browser.Run<object>(
            """
            window.frames = [];
            let last = performance.now();
            const frame = now => { window.frames.push(now - last); last = now; requestAnimationFrame(frame); };
            requestAnimationFrame(frame);
            location.hash = arguments[0];
            """,
            address[address.IndexOf('#', StringComparison.Ordinal)..]);
        var clock = Stopwatch.StartNew();

        // The page is used meanwhile.
        Browser.WaitFor(() => browser.Run<long>("return actortrace.app.timeline.events") > Rate);
        browser.Press("wwl");
        browser.Find("#search").SendKeys("task-17.");
        Browser.WaitFor(() => browser.Text("matches").Contains("matches", StringComparison.Ordinal));
        Browser.WaitFor(() => browser.Run<bool>("return document.getElementById('timeline').dataset.ready === 'true'"));
        double seconds = clock.Elapsed.TotalSeconds;
        Assert.Equal(events.All.Count, browser.Run<long>("return actortrace.app.timeline.events"));
        Assert.InRange(browser.Run<long>("return actortrace.app.timeline.lanes.reduce((sum, lane) => sum + lane.slices.count + lane.points.count, 0)"), Kept / 2, Kept);
        double more = browser.HeapBytes() - before;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{events.All.Count} events in {seconds:0.0} s, {more / 1e6:0.0} MB more, of it {browser.Run<long>("return actortrace.app.timeline.bytes") / 1e6:0.0} MB of columns"));
        output.WriteLine(browser.Run<string>(
            """
            const frames = window.frames.sort((a, b) => a - b);
            const at = share => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))].toFixed(0);
            return `${frames.length} frames; between two: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`;
            """));

        // A slice or point has at most 28 bytes, columns are at most half empty, and details are as many as points at most.
        Assert.InRange(more, 0, 40_000_000);
        string note = browser.Text("stream-state");
        Assert.Contains("only the latest 250\u202f000 bars and marks are kept", note, StringComparison.Ordinal);
        Assert.Empty(browser.Console());
    }

    /// <summary>Events at the rate: what is late is sent at once, as a simulation would.</summary>
    private static async IAsyncEnumerable<string> Send(List<string> events, long from)
    {
        var clock = Stopwatch.StartNew();
        for (int at = (int)from; at < events.Count; at += Chunk)
        {
            yield return MadeRun.Events(at, events.Skip(at).Take(Chunk));
            double ahead = ((at - from) / (double)Rate) - clock.Elapsed.TotalSeconds;
            if (ahead > 0.01)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead));
            }
        }
    }
}
