using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorTrace.Hosting.Cli;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>`plot`, and the page of `report`, on a trace file.</summary>
public sealed partial class PlotTests : IDisposable
{
    private static readonly string Capture = Checkout.File("scenarios", "captures", "small-2core.txt");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trace_file_is_drawn_the_same_each_time()
    {
        string first = Path.Combine(_folder.Path, "first.svg");
        string second = Path.Combine(_folder.Path, "second.svg");
        Assert.Equal(ExitCodes.Done, (await Run("plot", Capture, "--width", "900", "-o", first)).Code);
        Assert.Equal(ExitCodes.Done, (await Run("plot", Capture, "--width", "900", "-o", second)).Code);
        Assert.Equal(await File.ReadAllBytesAsync(first), await File.ReadAllBytesAsync(second));
        XElement svg = XDocument.Parse(await File.ReadAllTextAsync(first)).Root!;
        Assert.Equal("900", svg.Attribute("width")!.Value);
        string[] texts = [.. svg.Descendants().Where(e => e.Name.LocalName is "text").Select(e => e.Value)];
        Assert.All(["CPU 0", "CPU 1", "SurfaceFlinger", "surface_worker"], name => Assert.Contains(name, texts, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_part_without_events_is_drawn_as_well()
    {
        string result = Path.Combine(_folder.Path, "empty.png");
        CliRun run = await Run("plot", Capture, "--until", "1s", "-o", result);
        Assert.Equal((ExitCodes.Done, string.Empty), (run.Code, run.Error));
        Assert.Equal([0x89, .. "PNG"u8], (await File.ReadAllBytesAsync(result))[..4]);
    }

    [Theory]
    [InlineData("out.pdf", "ends neither in .svg nor in .png")]
    [InlineData("out.svg", "is no size", "--width", "10")]
    [InlineData("out.svg", "is no size", "--height", "1000000")]
    [InlineData("out.svg", "is no time", "--from", "soon")]
    [InlineData("out.svg", "not later than --from", "--from", "2s", "--until", "1s")]
    [InlineData("out.svg", "has no runs", "--run", "1")]
    public async Task What_cannot_be_drawn_is_refused_in_one_line_and_nothing_is_written(string name, string message, params string[] options)
    {
        string result = Path.Combine(_folder.Path, name);
        CliRun run = await Run(["plot", Capture, "-o", result, .. options]);
        Assert.Equal(ExitCodes.Usage, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(result));
    }

    [Fact]
    public async Task The_input_is_never_replaced()
    {
        string trace = Path.Combine(_folder.Path, "trace.svg");
        File.Copy(Capture, trace);
        foreach (string[] command in new string[][] { ["plot", trace, "-o", trace], ["report", trace, "--html", trace] })
        {
            CliRun run = await Run(command);
            Assert.Equal(ExitCodes.Usage, run.Code);
            Assert.Equal(await File.ReadAllBytesAsync(Capture), await File.ReadAllBytesAsync(trace));
        }
    }

    [Fact]
    public async Task The_page_of_a_trace_file_names_no_other_place()
    {
        string result = Path.Combine(_folder.Path, "page.html");
        CliRun run = await Run("report", Capture, "--html", result);
        Assert.Equal((ExitCodes.Done, string.Empty), (run.Code, run.Error));
        string page = await File.ReadAllTextAsync(result);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.All(Reference().Matches(page).Select(match => match.Groups["to"].Value), to => Assert.Matches("^(#|data:,$)", to));
    }

    private static Task<CliRun> Run(params string[] arguments) => CliRun.Of(new RecordingEngine(), arguments);

    [GeneratedRegex(@"\b(?:src|href|action)=""(?<to>[^""]*)""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Reference();
}
