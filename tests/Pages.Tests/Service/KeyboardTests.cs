using OpenQA.Selenium;
using Xunit;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The page without a mouse.</summary>
public sealed class KeyboardTests : IClassFixture<Browser>, IDisposable
{
    private readonly StandIn _service = new();
    private readonly Browser _browser;

    public KeyboardTests(Browser browser)
    {
        _browser = browser;
        foreach (string id in (string[])["a", "b"])
        {
            _service.Add(new MadeRun(id, 1_000_000, (_, _) => Never()) { Name = $"run {id}", State = "running", Guests = [new { Name = "ucos", FirstCpu = 0, Vcpus = 1 }] });
        }
    }

    public void Dispose() => _service.Dispose();

    [SkippableFact]
    public void The_help_lists_the_keys_and_gives_the_focus_back()
    {
        Open("#run=a");
        _browser.Press("t?");
        Assert.True(_browser.Run<bool>("return document.getElementById('help').open && document.getElementById('help').contains(document.activeElement)"));
        foreach (string key in (string[])["?", "u", "r", "t", "l", "v", "p", ".", "X", "1", "w", "[", "f", "/"])
        {
            Assert.True(_browser.Run<bool>("return [...document.querySelectorAll('#help kbd')].some(key => key.textContent === arguments[0])", key), key);
        }

        _browser.Press(Keys.Escape);
        Assert.Equal("scroller", Focus());
    }

    [SkippableFact]
    public void Runs_are_chosen_with_the_arrow_keys()
    {
        Open();
        _browser.Press("r" + Keys.ArrowDown);
        Browser.WaitFor(() => _browser.Text("run-name") is "run a");
        _browser.Press(Keys.ArrowDown);
        Browser.WaitFor(() => _browser.Text("run-name") is "run b");
        Assert.Equal("run-b", _browser.Run<string>("return document.getElementById('runs').getAttribute('aria-activedescendant')"));
        Browser.WaitFor(() => _browser.Run<string>("return location.hash").StartsWith("#run=b", StringComparison.Ordinal));
        _browser.Press("p");
        Browser.WaitFor(() => _browser.Text("run-state") is "paused");
        _browser.Press("p");
        Browser.WaitFor(() => _browser.Text("run-state") is "running");
    }

    [SkippableFact]
    public void A_probe_is_set_by_a_completed_symbol_and_a_refusal_ends_the_writing()
    {
        Open("#run=a");
        _browser.Press("1");
        Assert.Equal("probe-place", Focus());
        _browser.Press("OSTime");
        Browser.WaitFor(() => _browser.Run<long>("return document.querySelectorAll('#probe-list [role=option]').length") == 3);
        _browser.Press(Keys.ArrowDown + Keys.ArrowDown + Keys.Enter);
        Assert.Equal("OSTimeGet", _browser.Run<string>("return document.getElementById('probe-place').value"));
        Assert.Equal("false", _browser.Run<string>("return document.getElementById('probe-place').getAttribute('aria-expanded')"));
        _browser.Press(Keys.Enter);
        Browser.WaitFor(() => _browser.Run<long>("return document.querySelectorAll('#writes .good').length") == 4);
        Assert.Equal(["guest=ucos", "filter=none", "symbol=OSTimeGet", "enable=1"], _service.Writes, StringComparer.Ordinal);
        _browser.Find("#probe-place").Clear();
        _browser.Find("#probe-place").SendKeys("nowhere" + Keys.Enter);
        Browser.WaitFor(() => _browser.Run<long>("return document.querySelectorAll('#writes .bad').length") == 1);
        Assert.Equal("symbol=nowhere", _service.Writes.Last());
        Assert.Contains("error: no such symbol", _browser.Text("writes"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Tools_are_tabs()
    {
        Open("#run=a");
        _browser.Run<object>("document.getElementById('tab-probes').focus()");
        _browser.Press(Keys.ArrowRight);
        Assert.Equal("tab-console", Focus());
        Assert.False(_browser.IsHidden("panel-console"));
        Assert.True(_browser.IsHidden("panel-probes"));
        _browser.Press(Keys.ArrowLeft + Keys.ArrowLeft);
        Assert.Equal("tab-downloads", Focus());
        Assert.Equal(1, _browser.Run<long>("return document.querySelectorAll('[role=tab][aria-selected=true]').length"));
    }

    [SkippableFact]
    public void Every_field_and_button_has_a_name_and_shows_the_focus()
    {
        Open("#run=a");
        string nameless = _browser.Run<string>(
            """
            const named = element => element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.labels?.length > 0
              || element.textContent.trim() || element.title;
            return [...document.querySelectorAll('button, input, select, a, [tabindex], dialog')].filter(element => !named(element))
              .map(element => element.outerHTML.slice(0, 80)).join('\n');
            """);
        Assert.Equal(string.Empty, nameless);

        // From the first to the last and round again: each stop has an outline of its own, or its frame has.
        var stops = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 40; i++)
        {
            _browser.Press(Keys.Tab);
            stops.Add(_browser.Run<string>(
                """
                const element = document.activeElement;
                const shown = element === document.body || getComputedStyle(element).outlineStyle !== 'none'
                  || getComputedStyle(element.parentElement).boxShadow !== 'none';
                return shown ? element.id : `no focus shown: ${element.outerHTML.slice(0, 80)}`;
                """));
        }

        Assert.DoesNotContain(stops, stop => stop.StartsWith("no focus", StringComparison.Ordinal));
        foreach (string id in (string[])["new-run", "help-button", "runs", "pause", "search", "view", "follow", "scroller", "tab-probes", "probe-guest", "probe-place"])
        {
            Assert.Contains(id, stops);
        }
    }

    private void Open(string hash = "")
    {
        _browser.Visit(_service.Address + hash);
        Browser.WaitFor(() => _browser.Run<bool>("return window.actortrace !== undefined && document.querySelectorAll('#runs [role=option]').length === 2"));
        if (hash.Length > 0)
        {
            Browser.WaitFor(() => !_browser.IsHidden("run"));
        }
    }

    private string Focus() => _browser.Run<string>("return document.activeElement.id");

    private static async IAsyncEnumerable<string> Never()
    {
        yield return ": \n\n";
        await Task.Delay(TimeSpan.FromMinutes(1));
    }
}
