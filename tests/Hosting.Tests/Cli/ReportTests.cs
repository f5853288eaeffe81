using System.Text.Json;
using ActorTrace.Hosting.Tests.Scenarios;
using NJsonSchema;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

public sealed class ReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_report_shows_the_tasks_of_a_run()
    {
        CliRun report = await CliRun.Of(new RecordingEngine(), "report", await Journal());

        Assert.Equal((0, ""), (report.Code, report.Error));
        Assert.StartsWith("small: 0.001000000 s to 0.004000000 s, ", report.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\s*0 +2001 +RTOS-Task1 +4 +66\.67 % +2\.000 ms +2 +1 +1 +- +- +-\s*$", report.Out);
        Assert.Contains("not in this trace", report.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_follows_its_schema_for_a_journal_and_for_a_trace_file()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Checkout.File("docs", "report-schema.json"));
        string journal = await Journal();
        CliRun ofJournal = await CliRun.Of(new RecordingEngine(), "report", journal, "--json", "--deadline", "RTOS-Task1=500us");
        string file = Path.Combine(_folder.Path, "j.dat");
        await CliRun.Of(new RecordingEngine(), "replay", journal, "-o", file);
        CliRun ofFile = await CliRun.Of(new RecordingEngine(), "report", file, "--json", "--deadline", "2001=500us");

        Assert.Empty(schema.Validate(ofJournal.Out));
        Assert.Empty(schema.Validate(ofFile.Out));
        using JsonDocument first = JsonDocument.Parse(ofJournal.Out);
        using JsonDocument second = JsonDocument.Parse(ofFile.Out);
        Assert.Equal(first.RootElement.GetProperty("tasks").GetRawText(), second.RootElement.GetProperty("tasks").GetRawText());
        JsonElement task = first.RootElement.GetProperty("tasks")[0];
        Assert.Equal(1_000_000, task.GetProperty("execution").GetProperty("p99").GetInt64());
        Assert.Equal(0, task.GetProperty("deadline").GetProperty("checked").GetInt64());
    }

    [Fact]
    public async Task The_window_cuts_run_times()
    {
        CliRun report = await CliRun.Of(new RecordingEngine(), "report", await Journal(), "--from", "1500us", "--until", "3.25ms", "--json");

        using JsonDocument document = JsonDocument.Parse(report.Out);
        JsonElement task = document.RootElement.GetProperty("tasks")[0];
        Assert.Equal(750_000, task.GetProperty("runTime").GetInt64());
        Assert.Equal(2, task.GetProperty("jobsCutByWindow").GetInt64());
        Assert.Equal(1_750_000, document.RootElement.GetProperty("cpus")[0].GetProperty("observed").GetInt64());
    }

    [Fact]
    public async Task Deadlines_of_the_scenario_hold_unless_the_command_line_says_otherwise()
    {
        string journal = await Journal("name: small", "deadlines: {RTOS-Task1: 3ms, Nobody: 1ms}\nname: small");

        Assert.Equal(3_000_000, await Deadline(journal));
        Assert.Equal(2_000_000, await Deadline(journal, "--deadline", "RTOS-Task1=2ms"));
    }

    [Theory]
    [InlineData("--deadline: no task 'RTOS-Tsk1' was seen (did you mean 'RTOS-Task1'?)", "--deadline", "RTOS-Tsk1=1ms")]
    [InlineData("--deadline: 'RTOS-Task1' is no deadline (write TASK=TIME, e.g. RTOS-Task1=5ms)", "--deadline", "RTOS-Task1")]
    [InlineData("--deadline: 'soon' is no deadline of 'a' (write a number with a unit: ns, us, ms, s or cycles, e.g. 20ms)", "--deadline", "a=soon")]
    [InlineData("--deadline: 'a' has two deadlines (name it once)", "--deadline", "a=1ms", "--deadline", "a=2ms")]
    [InlineData("--until: it is not later than --from (exchange them)", "--from", "2ms", "--until", "1ms")]
    [InlineData("--from: 'x' is no time (write a number with a unit: ns, us, ms, s or cycles, e.g. 20ms)", "--from", "x")]
    public async Task A_mistake_in_the_options_is_told_in_one_line(string message, params string[] options)
    {
        CliRun report = await CliRun.Of(new RecordingEngine(), ["report", await Journal(), .. options]);

        Assert.Equal((2, "", "actortrace: " + message + "\n"), (report.Code, report.Out, report.Error));
    }

    [Fact]
    public async Task A_file_that_is_no_trace_is_told_in_one_line()
    {
        string text = Path.Combine(_folder.Path, "letter.txt");
        await File.WriteAllTextAsync(text, "Dear all,\n");
        CliRun report = await CliRun.Of(new RecordingEngine(), "report", text);
        Assert.Equal((1, ""), (report.Code, report.Out));
        Assert.StartsWith($"actortrace: {text}", report.Error, StringComparison.Ordinal);
        Assert.Single(report.Error.TrimEnd('\n').Split('\n'));

        CliRun missing = await CliRun.Of(new RecordingEngine(), "report", text + "x");
        Assert.Equal((2, $"actortrace: {text}x: no such file (make a journal with 'actortrace run')\n"), (missing.Code, missing.Error));
    }

    [Fact]
    public async Task A_trace_file_has_neither_runs_nor_cycles()
    {
        string file = Path.Combine(_folder.Path, "j.dat");
        await CliRun.Of(new RecordingEngine(), "replay", await Journal(), "-o", file);

        CliRun run = await CliRun.Of(new RecordingEngine(), "report", file, "--run", "1");
        CliRun cycles = await CliRun.Of(new RecordingEngine(), "report", file, "--from", "5cycles");

        Assert.Equal((2, $"actortrace: --run: {file} is a trace file and has no runs (leave it out)\n"), (run.Code, run.Error));
        Assert.Equal((2, "actortrace: --from: a trace file does not say how long a cycle is (write a time in ns, us, ms or s)\n"), (cycles.Code, cycles.Error));
    }

    private static async Task<long> Deadline(string journal, params string[] options)
    {
        CliRun report = await CliRun.Of(new RecordingEngine(), ["report", journal, "--json", .. options]);
        Assert.Equal((0, ""), (report.Code, report.Error));
        using JsonDocument document = JsonDocument.Parse(report.Out);
        return document.RootElement.GetProperty("tasks")[0].GetProperty("deadline").GetProperty("deadline").GetInt64();
    }

    private async Task<string> Journal(string replace = "name", string with = "name")
    {
        string journal = Path.Combine(_folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(_folder, replace, with), "--journal", journal);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return journal;
    }
}
