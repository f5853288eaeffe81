using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using OpenQA.Selenium;
using Xunit;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The page of the real service, used in Chromium as its user would.</summary>
public sealed class ServicePageTests(Browser browser) : IClassFixture<Browser>
{

    [SkippableFact]
    public void The_papers_scenario_is_dropped_probed_watched_and_downloaded()
    {
        using var service = new ServiceProcess();
        Open(service);
        Drop();
        browser.Find("#new-for").SendKeys("60s");
        browser.Find("#new-start").Click();
        Browser.WaitFor(() => browser.Text("run-state") is "running");
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll(\"[data-lane='cpu:0'], [data-lane='cpu:1'], [data-lane='core:0'], [data-lane='core:1'], [data-lane='task:2004']\").length") == 5);
        Browser.WaitFor(() => Counter("switches") > 0 && Counter("traps") > 0);
        PauseAndStep();
        SetProbe("OSTimeDly");
        Browser.WaitFor(() => ProbeCell("OSTimeDly", 2) >= 20 && HitsShown("OSTimeDly") >= 20);
        Zoom();
        browser.Press("2");
        Browser.WaitFor(() => browser.Run<string>("return document.getElementById('console').textContent").Length > 0);
        browser.Press("X");
        browser.Find("#ask-yes").Click();
        Browser.WaitFor(() => browser.Text("run-state") is "interrupted" && browser.Text("run-hash").Length == 64);
        Browser.WaitFor(() => browser.Run<bool>("return document.getElementById('timeline').dataset.ready === 'true'"));
        long hits = HitsShown("OSTimeDly");
        Browser.WaitFor(() => ProbeCell("OSTimeDly", 6) == hits);
        browser.Press("4");
        browser.Find("[data-download='trace.dat']").Click();
        string[] report = TraceCmd("report", "-i", browser.Downloaded("arndale-*.dat"));
        Assert.Equal(hits, report.Count(line => line.Contains(" OSTimeDly:", StringComparison.Ordinal)));
        Assert.Equal(Counter("switches"), report.Count(line => line.Contains(" sched_switch:", StringComparison.Ordinal)));
        Assert.All(browser.Requests(), request => Assert.StartsWith(service.Address, request.Replace("blob:", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Empty(browser.Console());
        Delete();
    }

    [SkippableFact]
    public void The_messages_of_a_hit_lead_from_the_core_that_was_hit_to_the_trace_buffer()
    {
        using var service = new ServiceProcess();
        Open(service);
        Drop();
        browser.Find("#new-for").SendKeys("100ms");
        browser.Find("#new-start").Click();
        Browser.WaitFor(() => browser.Text("run-state") is "completed" && browser.Run<bool>("return document.getElementById('timeline').dataset.ready === 'true'"));
        browser.Press("3");
        browser.Find("#chain-symbol").SendKeys("OSCtxSw" + Keys.Enter);
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll('#chains li').length") > 3
            && browser.Run<bool>("return [...document.querySelectorAll('#chains b')].every(name => name.textContent === 'hit OSCtxSw')"));
        browser.Find("#chains").SendKeys(Keys.ArrowDown);
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll('#sequence .message').length") > 10);
        string[] names = browser.Run<string>("return [...document.querySelectorAll('#sequence .name title')].map(name => name.textContent).join('\\n')").Split('\n');
        Assert.Equal("core-1", names[0]);
        Assert.Contains("core-1/hyp/extraction", names, StringComparer.Ordinal);
        Assert.Contains("gic", names, StringComparer.Ordinal);
        Assert.StartsWith("lane:", names[^1], StringComparison.Ordinal);

        // The chain's first message is where the hit is on the timeline of the hypervisor.
        browser.Find("#sequence button").Click();
        long begin = long.Parse(browser.Find("#chains [aria-selected=true] span").Text.Split(' ')[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        (long from, long until) = browser.Range();
        Assert.InRange(begin, from, until);
        Assert.True(browser.Run<bool>("return actortrace.app.timeline.lanes.find(lane => lane.key === 'core:1').slices.start.includes(arguments[0])", begin));
        Assert.Contains("tool=messages&chain=", browser.Run<string>("return location.hash"), StringComparison.Ordinal);
        Assert.Empty(browser.Console());
    }

    [SkippableFact]
    public void A_scenario_whose_files_are_missing_is_refused_with_a_line_that_says_so()
    {
        using var service = new ServiceProcess();
        Open(service);
        browser.Drop(Path.Combine(Checkout.Root, "scenarios", "arndale.yaml"));
        Browser.WaitFor(() => browser.Find("#new-start").Enabled);
        browser.Find("#new-start").Click();
        Browser.WaitFor(() => browser.Text("new-problem").Contains("gpos.elf", StringComparison.Ordinal));
        Assert.True(browser.Find("#new-start").Enabled);
    }

    [SkippableFact]
    public void A_service_with_a_token_asks_for_it_and_is_used_with_it_and_links_lead_into_jaeger()
    {
        const string token = "a-token-of-the-test";
        using var service = new ServiceProcess("--token", token, "--jaeger", "http://localhost:16686/jaeger/");
        Open(service);
        Browser.WaitFor(() => browser.Find("#token").Displayed && browser.Text("service").Contains("token", StringComparison.Ordinal));
        browser.Find("#token").SendKeys(token + Keys.Enter);
        Browser.WaitFor(() => browser.Run<bool>("return window.actortrace !== undefined && document.getElementById('service').textContent === ''"));
        Drop();
        browser.Find("#new-for").SendKeys("100ms");
        browser.Find("#new-start").Click();
        Browser.WaitFor(() => browser.Text("run-state") is "completed" && browser.Run<bool>("return document.getElementById('timeline').dataset.ready === 'true'"));
        Assert.True(browser.Run<long>("return actortrace.app.timeline.events") > 100);
        Assert.StartsWith("http://localhost:16686/jaeger/search?", browser.Find("#jaeger-link").GetAttribute("href"), StringComparison.Ordinal);
        browser.Press("4");
        browser.Find("[data-download='ftrace']").Click();
        Assert.Contains("sched_switch:", File.ReadAllText(browser.Downloaded("arndale-*.txt")), StringComparison.Ordinal);
    }

    private void Open(ServiceProcess service)
    {
        browser.Visit(service.Address);
        Browser.WaitFor(() => browser.Run<bool>("return window.actortrace !== undefined"));
    }

    private void Drop()
    {
        string guests = Path.Combine(Checkout.Root, "guests");
        browser.Drop(
            Path.Combine(guests, "gpos", "bin", "gpos.elf"), Path.Combine(guests, "rtos", "bin", "rtos.elf"),
            Path.Combine(Checkout.Root, "scenarios", "arndale.yaml"));
        Browser.WaitFor(() => browser.Run<bool>("return document.getElementById('new-dialog').open") && browser.Find("#new-start").Enabled);
        Assert.Equal("arndale.yaml", browser.Run<string>("return document.querySelector('#new-list :checked').parentElement.textContent.trim()"));
    }

    private void PauseAndStep()
    {
        browser.Press("p");
        Browser.WaitFor(() => browser.Text("run-state") is "paused" && browser.Find("#step").Enabled);
        long before = Simulated();
        browser.Press(".");
        Browser.WaitFor(() => Simulated() > before);
        Assert.InRange(Simulated() - before, 1_000_000, 1_100_000);
        browser.Press("p");
        Browser.WaitFor(() => browser.Text("run-state") is "running");
    }

    private void SetProbe(string symbol)
    {
        browser.Press("1");
        browser.Press(symbol[..^2]);
        Browser.WaitFor(() => browser.Run<string>("return [...document.querySelectorAll('#probe-list li')].map(option => option.textContent).join()").Contains(symbol, StringComparison.Ordinal));
        browser.Press(Keys.ArrowDown);
        while (!browser.Run<bool>("return document.querySelector('#probe-list [aria-selected=true]').textContent === arguments[0]", symbol))
        {
            browser.Press(Keys.ArrowDown);
        }

        browser.Press(Keys.Enter + Keys.Enter);
        Browser.WaitFor(() => browser.Run<long>("return document.querySelectorAll('#writes b').length") == 4);
        Assert.Equal("ok,ok,ok,ok", browser.Run<string>("return [...document.querySelectorAll('#writes b')].map(result => result.textContent).join()"));
    }

    private void Zoom()
    {
        browser.Press(Keys.Escape);
        browser.Run<object>("document.getElementById('scroller').focus()");
        double before = Shown();
        browser.Press("w");
        Browser.WaitFor(() => Shown() < before * 0.81);
        browser.Press("l");
        Browser.WaitFor(() => browser.Run<string>("return document.getElementById('follow').getAttribute('aria-pressed')") is "false");
        (long From, long Until) range = browser.Range();
        browser.Press("a");
        Assert.True(browser.RangeAfter(range).From < range.From);
    }

    private void Delete()
    {
        browser.Find("#delete").Click();
        browser.Find("#ask-yes").Click();
        Browser.WaitFor(() => browser.IsHidden("run") && browser.Run<long>("return document.querySelectorAll('#runs li').length") == 0);
    }

    private double Shown() => Convert.ToDouble(browser.Run<object>("return actortrace.app.view.until - actortrace.app.view.from"), CultureInfo.InvariantCulture);

    private long Simulated() => browser.Run<long>("return actortrace.run.simulatedNs");

    private long Counter(string name) => Number(browser.Run<string>("return document.querySelector(`[data-counter=${arguments[0]}]`).textContent", name));

    private long ProbeCell(string probe, int column) =>
        Number(browser.Run<string>("return document.querySelector(`[data-probe='${arguments[0]}']`)?.cells[arguments[1]].textContent ?? ''", probe, column));

    private static long Number(string text) => text.Length == 0 ? -1 : long.Parse(text.Replace("\u202f", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    /// <summary>Hits of a probe on the timeline.</summary>
    private long HitsShown(string symbol) => browser.Run<long>(
        """
        const { lanes, labels } = actortrace.app.timeline;
        return lanes.reduce((sum, lane) => sum + [...lane.points.label].filter(label => labels[label].style === 9 && labels[label].text === arguments[0]).length, 0);
        """,
        symbol);

    private static string[] TraceCmd(params string[] arguments)
    {
        var start = new ProcessStartInfo("trace-cmd", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            Skip.If(condition: true, "trace-cmd is not installed");
        }

        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal((0, string.Empty), (process.ExitCode, errors.GetAwaiter().GetResult()));
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
