using System.Text.Json.Nodes;
using ActorTrace.Hosting.Cli;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>Logs with clocks of their own become one run of a journal.</summary>
public sealed class MergeTests : IDisposable
{
    private const string First = """
              adbd-100   [000]    10.000100: sched_switch: prev_comm=adbd prev_pid=100 prev_prio=120 prev_state=S ==> next_comm=logd next_pid=200 next_prio=120
              logd-200   [000]    10.000200: tracing_mark_write: sync 1
              logd-200   [000]    10.000900: tracing_mark_write: sync 2
              logd-200   [000]    10.001600: tracing_mark_write: sync 3

        """;

    private const string Second = """
              work-200   [000]     3.000000: tracing_mark_write: sync 1
              work-200   [000]     3.000703: tracing_mark_write: sync 2
        CPU:0 [LOST 5 EVENTS]
              work-200   [000]     3.000600: sched_switch: prev_comm=work prev_pid=200 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
              work-200   [000]     3.001400: tracing_mark_write: sync 3

        """;

    private readonly TempFolder _folder = new();
    private readonly string _first;
    private readonly string _second;
    private readonly string _journal;

    public MergeTests()
    {
        _first = _folder.Write("first.txt", First);
        _second = _folder.Write("second.txt", Second);
        _journal = Path.Combine(_folder.Path, "both.atj");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_found_offset_is_told_with_drift_and_residual_error_and_the_journal_holds_both_logs()
    {
        CliRun merge = await Run("merge", _first, _second, "-o", _journal, "--find-offset", "print:sync", "--json");
        Assert.Equal((0, ""), (merge.Code, merge.Error));
        JsonNode log = JsonNode.Parse(merge.Out)!["logs"]![1]!;

        // By hand: 0, 700, 1400 us beside 0, 703, 1400: 7.0002 s less the mean of the errors, 1 us; slope -6 / (701^2 + 2^2 + 699^2).
        Assert.Equal((3, 7_000_199_000L, 2_000d), ((int)log["fit"]!["pairs"]!, (long)log["offsetNanoseconds"]!, Math.Round((double)log["fit"]!["largestResidualNanoseconds"]!, 0)));
        Assert.Equal(-6e6 / 980_006, (double)log["driftPpm"]!, tolerance: 0.01);
        Assert.Equal((10_000, 1, 5, 1), ((int)log["pidShift"]!, (int)log["pidCollisions"]!, (int)log["lost"]!, (int)log["backwardTimes"]!));

        CliRun replay = await Run("replay", _journal, "--to", "ftrace", "-o", "-");
        string[] lines = [.. replay.Out.Split('\n').Where(line => line.Contains("] ", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal))];
        Assert.Equal(8, lines.Length);
        Assert.Contains(lines, line => line.Contains("work-10200", StringComparison.Ordinal) && line.Contains("[001]", StringComparison.Ordinal) && line.Contains("10.000199: tracing_mark_write: sync 1", StringComparison.Ordinal));
        Assert.Equal("merged", (string?)JsonNode.Parse((await Run("inspect", _journal, "--json")).Out)!["end"]);
    }

    [Fact]
    public async Task The_text_for_people_says_how_the_clocks_were_put_together()
    {
        CliRun merge = await Run("merge", _first, _second, "-o", _journal, "--find-offset", "print:sync");
        Assert.Equal((0, ""), (merge.Code, merge.Error));
        Assert.Contains("offset +7.000199000 s, found by 3 events of print:sync\n", merge.Out, StringComparison.Ordinal);
        Assert.Contains("residual error 1.414 us root mean square, 2.000 us at most\n", merge.Out, StringComparison.Ordinal);
        Assert.Contains("pids moved up by 10,000: 1 of them are those of a log before\n", merge.Out, StringComparison.Ordinal);
        Assert.Contains("1 times went backward and were moved up\n", merge.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_can_be_merged_too_and_keeps_its_guests_apart()
    {
        Assert.Equal(0, (await Run("import", _second, "-o", Path.Combine(_folder.Path, "second.atj"))).Code);
        CliRun merge = await Run("merge", _first, Path.Combine(_folder.Path, "second.atj"), "-o", _journal, "--offset", "2:7.5ms", "--json");
        Assert.Equal((0, ""), (merge.Code, merge.Error));
        JsonNode report = JsonNode.Parse((await Run("report", _journal, "--json")).Out)!;
        Assert.Equal(["linux", "linux-2"], report["cpus"]!.AsArray().Select(cpu => (string?)cpu!["guest"]), StringComparer.Ordinal);
        Assert.Contains("was imported from first.txt + second.atj (7500000 ns, drift 0)", (await Run("verify", _journal)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one log cannot be merged", "FIRST")]
    [InlineData("--offset: '2' is no log and time", "FIRST SECOND --offset 2")]
    [InlineData("--offset: there is no log 3", "FIRST SECOND --offset 3:1s")]
    [InlineData("--offset: log 2 has two", "FIRST SECOND --offset 2:1s --offset 2:2s")]
    [InlineData("--offset: '12' is no time", "FIRST SECOND --offset 2:12")]
    [InlineData("--offset: '5cycles' is no time", "FIRST SECOND --offset 2:5cycles")]
    [InlineData("--find-offset: ':x' names no event", "FIRST SECOND --find-offset :x")]
    [InlineData("second.txt (log 2): it has no event of print:ping in common with log 1", "FIRST SECOND --find-offset print:ping")]
    [InlineData("second.txt (log 2): its first event would be 1.000000000 s before zero", "FIRST SECOND --offset 2:-4s")]
    public async Task What_cannot_be_merged_is_told_in_one_line_and_leaves_no_journal(string message, string line)
    {
        string[] words = [.. line.Split(' ').Select(word => word switch { "FIRST" => _first, "SECOND" => _second, _ => word })];
        CliRun merge = await Run(["merge", .. words, "-o", _journal]);
        Assert.Equal(2, merge.Code);
        Assert.Contains(message, merge.Error, StringComparison.Ordinal);
        Assert.Equal(1, merge.Error.Count(c => c == '\n'));
        Assert.False(File.Exists(_journal));
    }

    [Fact]
    public async Task A_file_that_is_no_log_or_would_be_replaced_is_refused()
    {
        CliRun none = await Run("merge", _first, _folder.Write("x.bin", "\0\0"), "-o", _journal);
        Assert.Contains("x.bin, byte 0: this is neither a trace.dat nor ftrace text", none.Error, StringComparison.Ordinal);
        CliRun same = await Run("merge", _first, _second, "-o", _second);
        Assert.Equal(2, same.Code);
        Assert.Contains("the result would replace the input", same.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> Run(params string[] args) => CliRun.Of(new SimulationEngine(), args);
}
