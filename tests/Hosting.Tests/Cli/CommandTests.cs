using System.Globalization;
using System.Text.Json;
using ActorTrace.Hosting.Tests.Scenarios;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

public class CommandTests
{
    [Fact]
    public async Task A_run_ends_with_its_summary_and_inspect_shows_the_same()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(folder), "--journal", journal);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        Assert.Contains("scenario  small: completed", run.Out, StringComparison.Ordinal);
        Assert.Contains("simulated 0.010000000 s, 1,234 instructions in ", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\s*0 +2001 +RTOS-Task1 +2 +", run.Out);
        Assert.Contains("1.000 ms", run.Out, StringComparison.Ordinal);
        Assert.Matches("(?m)^run hash  [0-9a-f]{64}$", run.Out);

        CliRun inspect = await CliRun.Of(new RecordingEngine(), "inspect", journal);
        Assert.Equal(0, inspect.Code);
        Assert.Equal(Last(run.Out, 3), Last(inspect.Out, 3));
        Assert.Equal(["j.atj", "rtos.elf", "s.yaml"], folder.Listing());
    }

    [Fact]
    public async Task Json_is_one_document_with_exact_figures()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(folder), "--journal", journal, "--json");
        using JsonDocument document = JsonDocument.Parse(run.Out);
        JsonElement root = document.RootElement;
        Assert.Equal(10_000_000, root.GetProperty("simulatedNanoseconds").GetInt64());
        Assert.Equal("completed", root.GetProperty("end").GetString());
        Assert.True(root.GetProperty("wallSeconds").GetDouble() > 0);
        JsonElement task = root.GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("pid").GetInt32() == 2001);
        Assert.Equal(2_000_000, task.GetProperty("cycles").GetInt64());
        Assert.Equal(1_000_000, task.GetProperty("meanNanoseconds").GetInt64());

        CliRun list = await CliRun.Of(new RecordingEngine(), "list", journal, "--json");
        using JsonDocument runs = JsonDocument.Parse(list.Out);
        JsonElement only = Assert.Single(runs.RootElement.EnumerateArray().ToArray());
        Assert.Equal(root.GetProperty("runId").GetString(), only.GetProperty("runId").GetString());
        Assert.Equal("ucos", only.GetProperty("guests")[0].GetString());
    }

    [Fact]
    public async Task A_journal_holds_several_runs_and_the_last_is_meant_unless_one_is_named()
    {
        using var folder = new TempFolder();
        string scenario = ScenarioText.WriteTo(folder);
        string journal = Path.Combine(folder.Path, "j.atj");
        var engine = new RecordingEngine();
        await CliRun.Of(engine, "run", scenario, "--journal", journal);
        engine.Switches = 6;
        await CliRun.Of(engine, "run", scenario, "--journal", journal);

        string[] ids = [.. (await CliRun.Of(engine, "list", journal)).Out.Split('\n').Where(l => l.Contains("small", StringComparison.Ordinal)).Select(l => l.Trim().Split(' ')[0])];
        Assert.Equal(2, ids.Length);
        Assert.Equal("1", ids[0][^1..]);
        Assert.Equal("2", ids[1][^1..]);
        Assert.Equal(6, await Events(journal, []));
        Assert.Equal(4, await Events(journal, ["--run", ids[0]]));

        CliRun several = await CliRun.Of(engine, "inspect", journal, "--run", ids[0][..4]);
        Assert.Equal((2, ""), (several.Code, several.Out));
        Assert.Contains("is the beginning of 2 runs", several.Error, StringComparison.Ordinal);

        async Task<int> Events(string file, string[] more)
        {
            CliRun replay = await CliRun.Of(engine, ["replay", file, "--to", "ftrace", "-o", "-", .. more]);
            return replay.Out.Split('\n').Count(l => l.Contains(": sched_switch: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Replay_names_its_result_after_the_journal_and_replaces_it()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(folder), "--journal", journal);
        folder.Write("j.txt", "old");
        CliRun text = await CliRun.Of(new RecordingEngine(), "replay", journal, "--to", "ftrace");
        CliRun binary = await CliRun.Of(new RecordingEngine(), "replay", journal, "--to", "trace.dat", "--view", "gpos");
        Assert.Equal((0, 0), (text.Code, binary.Code));

        // Four switches to and from idle: with each a cpu_idle, and the run time of the task that left.
        Assert.Contains(": 10 events", binary.Out, StringComparison.Ordinal);
        Assert.Contains("RTOS-Task1", await File.ReadAllTextAsync(Path.Combine(folder.Path, "j.txt")), StringComparison.Ordinal);
        byte[] head = (await File.ReadAllBytesAsync(Path.Combine(folder.Path, "j.dat")))[..10];
        Assert.Equal([0x17, 0x08, 0x44, .. "tracing"u8], head);
        Assert.Equal(["j.atj", "j.dat", "j.txt", "rtos.elf", "s.yaml"], folder.Listing());
    }

    [Fact]
    public async Task A_set_of_a_run_without_a_hypervisor_is_refused_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(folder), "--journal", journal);
        string[] before = folder.Listing();
        CliRun set = await CliRun.Of(new RecordingEngine(), "replay", journal, "--to", "trace.dat-set");
        Assert.Equal((2, ""), (set.Code, set.Out));
        Assert.Equal(
            "actortrace: --to: the run has no hypervisor, so there is no host to show (use another format, e.g. '--to trace.dat')",
            set.Error.TrimEnd());
        Assert.Equal(before, folder.Listing());
    }

    [Fact]
    public async Task Verify_repeats_the_run_from_the_journal_alone()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        var engine = new RecordingEngine();
        await CliRun.Of(engine, "run", ScenarioText.WriteTo(folder), "--journal", journal, "--for", "7ms");
        File.Delete(Path.Combine(folder.Path, "s.yaml"));
        File.Delete(Path.Combine(folder.Path, "rtos.elf"));

        CliRun same = await CliRun.Of(engine, "verify", journal);
        Assert.Equal((0, ""), (same.Code, same.Error));
        Assert.Contains("5 records are equal", same.Out, StringComparison.Ordinal);

        engine.Switches = 5;
        CliRun differs = await CliRun.Of(engine, "verify", journal);
        Assert.Equal(1, differs.Code);
        Assert.Contains("lane-0 record 4: recorded its end, repeated SwitchRecord", differs.Error, StringComparison.Ordinal);
        Assert.Equal(["j.atj"], folder.Listing());
        Assert.False(File.Exists(engine.Calls[^1].JournalPath));
    }

    [Theory]
    [InlineData("failed: guest ucos is dead", 1)]
    [InlineData("interrupted", 130)]
    [InlineData("idle", 0)]
    public async Task The_end_of_a_run_decides_the_exit_code(string reason, int code)
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new RecordingEngine { Reason = reason }, "run", ScenarioText.WriteTo(folder), "--journal", journal);
        Assert.Equal(code, run.Code);
        Assert.Contains("small: " + reason, run.Out, StringComparison.Ordinal);
        Assert.Equal(code == 1 ? 1 : 0, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("replay")]
    [InlineData("inspect")]
    [InlineData("list")]
    [InlineData("verify")]
    public async Task Help_has_examples_and_exit_codes(string command)
    {
        CliRun help = await CliRun.Of(new RecordingEngine(), command, "--help");
        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains("actortrace " + command, help.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?s)Examples:.*Exit codes:\s+0 +done\s+1 +failure", help.Out);
    }

    [Fact]
    public async Task The_threads_that_are_asked_for_reach_the_engine()
    {
        using var folder = new TempFolder();
        var engine = new RecordingEngine();
        string journal = Path.Combine(folder.Path, "j.atj");
        foreach (int threads in new[] { 1, 4 })
        {
            await CliRun.Of(engine, "run", ScenarioText.WriteTo(folder), "--journal", journal, "--threads", threads.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal([1, 4], engine.Calls.Select(c => c.Threads));
    }

    private static string Last(string text, int lines) => string.Join('\n', text.TrimEnd().Split('\n')[^lines..]);
}
