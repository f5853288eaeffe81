using System.Globalization;
using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The unmodified Chromium, without a window: one for all tests of a class.</summary>
public class Browser : IDisposable
{
    private const int PatienceSeconds = 60;

    private readonly bool _notesRequests;
    private readonly DirectoryInfo _downloads = Directory.CreateTempSubdirectory("actortrace");
    private ChromeDriver? _driver;

    public Browser()
        : this(notesRequests: true)
    {
    }

    /// <summary>A browser.</summary>
    /// <param name="notesRequests">False where there would be too many messages to note.</param>
    protected Browser(bool notesRequests) => _notesRequests = notesRequests;

    private ChromeDriver Driver => _driver ?? throw new InvalidOperationException("no page is open");

    /// <summary>Opens a page and waits until it can be used. Skips the test where there is no Chromium.</summary>
    public void Open(string file, string hash = "", bool dark = false)
    {
        Visit(new Uri(file).AbsoluteUri + hash, dark);
        WaitFor(() => Driver.FindElement(By.Id("timeline")).GetAttribute("data-ready") is "true" && Run<string>("return location.hash").StartsWith("#t=", StringComparison.Ordinal));
    }

    /// <summary>Opens an address.</summary>
    public void Visit(string address, bool dark = false)
    {
        _driver ??= Start();

        // Not the page before, nor the same page with another hash, which would not be loaded anew.
        _driver.Navigate().GoToUrl("about:blank");
        if (_notesRequests)
        {
            _ = Requests();
        }

        _ = Console();
        var scheme = new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" };
        _driver.ExecuteCdpCommand(
            "Emulation.setEmulatedMedia", new Dictionary<string, object?>(StringComparer.Ordinal) { ["features"] = new object[] { scheme } });
        _driver.Navigate().GoToUrl(address);
    }

    /// <summary>What a picture looks like, and how large it says it is.</summary>
    public (byte[] Png, long Width, long Height) Look(string picture)
    {
        _driver ??= Start();
        string page = picture + ".html";
        File.WriteAllText(page, $"<body style='margin:0'><img src='{Path.GetFileName(picture)}'></body>");
        Driver.Navigate().GoToUrl(new Uri(page).AbsoluteUri);
        WaitFor(() => Run<bool>("return document.images[0].complete && document.images[0].naturalWidth > 0"));
        return (Driver.GetScreenshot().AsByteArray, Run<long>("return document.images[0].naturalWidth"), Run<long>("return document.images[0].naturalHeight"));
    }

    public void Dispose()
    {
        _driver?.Dispose();
        _downloads.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the file that the page had downloaded, named by a pattern.</summary>
    public string Downloaded(string pattern)
    {
        WaitFor(() => _downloads.GetFiles(pattern).Length == 1 && _downloads.GetFiles("*.crdownload").Length == 0);
        return _downloads.GetFiles(pattern)[0].FullName;
    }

    /// <summary>Drops files on the page, as a file manager would.</summary>
    public void Drop(params string[] files)
    {
        Run<object>(
            """
            const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true, id: 'dropped' });
            input.addEventListener('change', () => {
              const dataTransfer = new DataTransfer();
              for (const file of input.files) dataTransfer.items.add(file);
              for (const type of ['dragenter', 'dragover', 'drop']) {
                document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
              }
              input.remove();
            });
            document.body.append(input);
            """);
        Find("#dropped").SendKeys(string.Join('\n', files));
    }

    /// <summary>Bytes of the page's heap and of the arrays beside it, after a collection.</summary>
    public double HeapBytes()
    {
        var none = new Dictionary<string, object?>(StringComparer.Ordinal);
        _ = Driver.ExecuteCdpCommand("HeapProfiler.collectGarbage", none);
        var usage = (Dictionary<string, object>)Driver.ExecuteCdpCommand("Runtime.getHeapUsage", none)!;
        return usage.Where(part => part.Key is "usedSize" or "backingStorageSize").Sum(part => Convert.ToDouble(part.Value, CultureInfo.InvariantCulture));
    }

    public void Screenshot(string file) => Driver.GetScreenshot().SaveAsFile(file);

    /// <summary>The range that the page says it shows, in nanoseconds of the trace's clock.</summary>
    public (long From, long Until) Range()
    {
        string? range = null;
        WaitFor(() => (range = Run<string>("return location.hash")[1..].Split('&').FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal))) is not null);
        string[] ends = range![2..].Split('-');
        return (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until the page's range is another one.</summary>
    public (long From, long Until) RangeAfter((long From, long Until) old)
    {
        WaitFor(() => Range() != old);
        return Range();
    }

    public string Text(string id) => Run<string>("return document.getElementById(arguments[0]).textContent", id);

    public bool IsHidden(string id) => Run<bool>("return document.getElementById(arguments[0]).hidden", id);

    public T Run<T>(string script, params object[] arguments) => (T)Driver.ExecuteScript(script, arguments)!;

    /// <summary>Distance of a lane's bar from the top of the chart, in pixels.</summary>
    public int LaneTop(string key) => (int)Convert.ToDouble(
        Run<object>(
            "return document.querySelector(`[data-lane='${arguments[0]}']`).getBoundingClientRect().top - document.getElementById('chart').getBoundingClientRect().top", key),
        CultureInfo.InvariantCulture);

    public int ChartWidth => (int)Run<long>("return document.getElementById('chart').clientWidth");

    /// <summary>Where an instant is on the chart.</summary>
    public int X(ulong nanoseconds)
    {
        (long from, long until) = Range();
        return (int)(((long)nanoseconds - from) * (double)ChartWidth / (until - from));
    }

    public void MoveTo(int x, int y) => Pointer(x, y).Perform();

    public void Click(int x, int y) => Pointer(x, y).Click().Perform();

    public void Drag(int fromX, int toX, int y) => Pointer(fromX, y).ClickAndHold().MoveByOffset((toX - fromX) / 2, 0).MoveByOffset((toX - fromX) / 2, 0).Release().Perform();

    public void Wheel(int x, int y, int delta)
    {
        (int left, int top) = ChartPlace();
        var origin = new WheelInputDevice.ScrollOrigin { Viewport = true, XOffset = left + x, YOffset = top + y };
        new Actions(Driver).ScrollFromOrigin(origin, 0, delta).Perform();
    }

    public void Press(string keys) => new Actions(Driver).SendKeys(keys).Perform();

    public IWebElement Find(string selector) => Driver.FindElement(By.CssSelector(selector));

    /// <summary>How many pixels of a part of the chart are not of the colour at its top left corner.</summary>
    public long Colored(int x, int y, int width, int height) => Run<long>(
        """
        const [x, y, width, height] = arguments;
        const pixels = document.getElementById('chart').getContext('2d').getImageData(x, y, width, height).data;
        let count = 0;
        for (let i = 4; i < pixels.length; i += 4) {
          if (pixels[i] !== pixels[0] || pixels[i + 1] !== pixels[1] || pixels[i + 2] !== pixels[2] || pixels[i + 3] !== pixels[3]) count++;
        }
        return count;
        """,
        x, y, width, height);

    public static void WaitFor(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow.AddSeconds(PatienceSeconds);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"not so after {PatienceSeconds} s");
            Thread.Sleep(30);
        }
    }

    /// <summary>Addresses that were asked for since the last call, the pages themselves left out.</summary>
    public IReadOnlyList<string> Requests() =>
    [
        .. Driver.Manage().Logs.GetLog("performance")
            .Select(entry => JsonDocument.Parse(entry.Message).RootElement.GetProperty("message"))
            .Where(message => message.GetProperty("method").GetString() is "Network.requestWillBeSent")
            .Where(message => message.GetProperty("params").GetProperty("type").GetString() is not "Document")
            .Select(message => message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!),
    ];

    /// <summary>What the page wrote to the console since the last call: errors, warnings, refused content.</summary>
    public IReadOnlyList<string> Console() => [.. Driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message)];

    private Actions Pointer(int x, int y)
    {
        (int left, int top) = ChartPlace();
        return new Actions(Driver).MoveToLocation(left + x, top + y);
    }

    private (int Left, int Top) ChartPlace()
    {
        long[] place = [.. Run<IReadOnlyCollection<object>>("const box = document.getElementById('chart').getBoundingClientRect(); return [Math.round(box.left), Math.round(box.top)]").Cast<long>()];
        return ((int)place[0], (int)place[1]);
    }

    private ChromeDriver Start()
    {
        string? chromium = Which("chromium");
        string? chromedriver = Which("chromedriver");
        Skip.If(chromium is null || chromedriver is null, "chromium or chromium-driver is not installed");
        var options = new ChromeOptions { BinaryLocation = chromium };
        options.AddArguments(
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1500,1000", "--force-device-scale-factor=1");
        options.AddUserProfilePreference("download.default_directory", _downloads.FullName);
        if (_notesRequests)
        {
            options.SetLoggingPreference("performance", LogLevel.All);
        }

        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(chromedriver), Path.GetFileName(chromedriver));
        service.SuppressInitialDiagnosticInformation = true;
        return new ChromeDriver(service, options, TimeSpan.FromMinutes(3));
    }

    private static string? Which(string name) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
