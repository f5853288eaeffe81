using System.Text.Json;
using System.Xml.Linq;
using ActorTrace.EndToEnd;
using ActorTrace.Hosting.Cli;

namespace ActorTrace.Results.Tests.Overhead;

/// <summary>`actortrace bench overhead` as its user sees it.</summary>
public sealed class BenchCommandTests
{
    private static readonly string[] Worlds = ["native", "tracing-off", "context-switch-probe", "all-functions"];
    private static readonly string[] Chosen = ["integer", "context1"];
    private static readonly string[] Keys = ["name", "world", "cycles", "overhead_percent"];

    [Fact]
    public async Task The_json_has_rows_of_four_keys_and_the_svg_is_xml()
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string svg = folder.File("overhead.svg");
        (int code, string json, _) = await RunAsync("bench", "overhead", "--small", "--only", "context1", "--only", "integer", "--json", "--svg", svg);
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal("rows", Assert.Single(document.RootElement.EnumerateObject()).Name);
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            Chosen.SelectMany(name => Worlds.Select(world => (name, world))),
            rows.Select(r => (r.GetProperty("name").GetString()!, r.GetProperty("world").GetString()!)));
        Assert.All(rows, r => Assert.Equal(Keys, r.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal));
        AssertOverheads(rows);

        XElement picture = XDocument.Load(svg).Root!;
        Assert.Equal("svg", picture.Name.LocalName);
        string[] texts = [.. picture.Descendants().Where(e => e.Name.LocalName is "text").Select(e => e.Value)];
        Assert.Contains("45 %", texts, StringComparer.Ordinal);
        Assert.Contains("context1", texts, StringComparer.Ordinal);
    }

    /// <summary>docs/RESULTS.md is of this very state: what was known before the runs, the row of context1, both calibrations.</summary>
    [Fact]
    public async Task The_page_of_results_says_what_the_command_says()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Workspace.Root, "docs", "RESULTS.md"));
        (int code, string markdown, _) = await RunAsync("bench", "overhead", "--only", "context1", "--markdown");
        Assert.Equal(0, code);
        string[] lines = markdown.Split('\n');
        Assert.Contains(lines, l => l.StartsWith("| context1 | ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("| without VGIC and virtual timers | ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains(line + "\n", page, StringComparison.Ordinal));
    }

    /// <summary>1 - score(on) / score(off), a score being 1 / cycles.</summary>
    private static void AssertOverheads(JsonElement[] rows)
    {
        foreach (IGrouping<string, JsonElement> benchmark in rows.GroupBy(r => r.GetProperty("name").GetString()!, StringComparer.Ordinal))
        {
            double off = 1.0 / benchmark.Single(r => r.GetProperty("world").GetString() is "tracing-off").GetProperty("cycles").GetInt64();
            Assert.All(benchmark, r => Assert.Equal(
                100 * (1 - (1.0 / r.GetProperty("cycles").GetInt64() / off)), r.GetProperty("overhead_percent").GetDouble(), 9));
        }
    }

    [Theory]
    [InlineData("--only context", "--only: there is no benchmark 'context' (did you mean 'context1'?)")]
    [InlineData("--json --markdown", "--markdown: standard output cannot hold both Markdown and one JSON document")]
    [InlineData("--svg DIR/none/x.svg", "--svg: 'DIR/none/x.svg' cannot be a file")]
    [InlineData("--svg DIR", "--svg: 'DIR' cannot be a file")]
    [InlineData("--threads 0", "--threads: 0 is no number of threads")]
    [InlineData("--smal", "command line: unknown option '--smal' (did you mean '--small'?)")]
    public async Task A_mistake_is_one_line_and_nothing_is_begun(string arguments, string expected)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string[] words = ["bench", "overhead", .. arguments.Replace("DIR", folder.Path, StringComparison.Ordinal).Split(' ')];
        (int code, string output, string error) = await RunAsync(words);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("actortrace: " + expected.Replace("DIR", folder.Path, StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
