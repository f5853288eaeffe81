using System.Text.Json.Nodes;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Tests.Scenarios;
using ActorTrace.Hosting.Yaml;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>A trace file becomes a run of a journal.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Text = """
        # tracer: nop
        #
                   adbd-100   [000]    10.000100: sched_switch: prev_comm=adbd prev_pid=100 prev_prio=120 prev_state=S ==> next_comm=logd next_pid=200 next_prio=120
                   logd-200   [000]    10.000200: tracing_mark_write: B|200|work
                   logd-200   [000]    10.000250: sched_stat_runtime: comm=logd pid=200 runtime=150000 [ns]
                   logd-200   [000]    10.000250: sched_switch: prev_comm=logd prev_pid=200 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
        CPU:1 [LOST 5 EVENTS]
                 <idle>-0     [001]    10.001000: my_event: a=1 b=2

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_tells_what_it_found_and_the_journal_holds_it()
    {
        string journal = Path.Combine(_folder.Path, "trace.atj");
        CliRun import = await Run("import", _folder.Write("trace.txt", Text), "-o", journal, "--json");
        Assert.Equal((0, ""), (import.Code, import.Error));
        JsonNode told = JsonNode.Parse(import.Out)!;
        Assert.Equal(
            (5, 2, 5, 1, 1, 10_000_100_000L, 10_001_000_000L),
            ((int)told["events"]!, (int)told["cpus"]!, (int)told["lost"]!, (int)told["derivedRuntimes"]!, (int)told["foreign"]!["imported:my_event"]!,
                (long)told["firstNanoseconds"]!, (long)told["lastNanoseconds"]!));

        CliRun replay = await Run("replay", journal, "--to", "ftrace", "-o", "-");
        string[] lines = [.. replay.Out.Split('\n').Where(line => line.Contains("] ", StringComparison.Ordinal) || line.StartsWith("CPU:", StringComparison.Ordinal))];
        Assert.Equal(0, replay.Code);
        Assert.Equal(
            ["sched_switch", "tracing_mark_write", "sched_stat_runtime", "sched_switch", "CPU:1 [LOST 5 EVENTS]", "my_event"],
            lines.Select(line => line.StartsWith("CPU:", StringComparison.Ordinal) ? line : line.Split(": ")[1]),
            StringComparer.Ordinal);
        Assert.EndsWith("my_event: a=1 b=2", lines[5], StringComparison.Ordinal);

        CliRun inspect = await Run("inspect", journal, "--json");
        JsonNode summary = JsonNode.Parse(inspect.Out)!;
        Assert.Equal(("imported", 5, (string?)told["runHash"]), ((string?)summary["end"], (int)summary["lost"]!, (string?)summary["runHash"]));
    }

    [Fact]
    public async Task The_same_file_gives_the_same_run_hash_and_a_text_for_people_names_it()
    {
        string file = _folder.Write("trace.txt", Text);
        string journal = Path.Combine(_folder.Path, "trace.atj");
        CliRun first = await Run("import", file, "-o", journal);
        CliRun second = await Run("import", file, "-o", journal);
        string Hash(CliRun run) => run.Out.Split('\n').Single(line => line.StartsWith("run hash", StringComparison.Ordinal));
        Assert.Equal(Hash(first), Hash(second));
        Assert.Contains("foreign   imported:my_event 1\n", first.Out, StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse((await Run("list", journal, "--json")).Out)!.AsArray().Count);
    }

    [Fact]
    public async Task An_imported_run_cannot_be_executed_again()
    {
        string journal = Path.Combine(_folder.Path, "trace.atj");
        await Run("import", _folder.Write("trace.txt", Text), "-o", journal);
        CliRun verify = await Run("verify", journal);
        Assert.Equal(1, verify.Code);
        Assert.Contains("was imported from trace.txt and cannot be executed again", verify.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.txt", "no events here\n", "x.txt: no line is an event of ftrace text")]
    [InlineData("x.dat", "\u0017\bDtracing6\0", "x.dat, byte 12: the file ends within the byte order")]
    [InlineData("x.bin", "\0\0\0", "x.bin, byte 0: this is neither a trace.dat nor ftrace text")]
    public async Task A_file_that_cannot_be_read_is_refused_in_one_line_and_leaves_no_journal(string name, string content, string message)
    {
        string journal = Path.Combine(_folder.Path, "trace.atj");
        CliRun import = await Run("import", _folder.Write(name, content), "-o", journal);
        Assert.Equal(2, import.Code);
        Assert.Contains(message, import.Error, StringComparison.Ordinal);
        Assert.Equal(1, import.Error.Count(c => c == '\n'));
        Assert.False(File.Exists(journal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupted_import_leaves_no_new_journal_and_an_old_one_readable(bool isNew)
    {
        string file = _folder.Write("trace.txt", Text);
        string journal = Path.Combine(_folder.Path, "trace.atj");
        if (!isNew)
        {
            await Run("import", file, "-o", journal);
        }

        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        using var error = new StringWriter();
        var context = new CliContext(TextWriter.Null, error, new SimulationEngine(), new JournalFiles(), stopped.Token);
        Assert.Equal(ExitCodes.Interrupted, await CommandLine.RunAsync(["import", file, "-o", journal], context));
        Assert.Contains("interrupted", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(!isNew, File.Exists(journal));
        Assert.Equal(!isNew, (await Run("inspect", journal)).Code == ExitCodes.Done);
    }

    [Fact]
    public async Task A_trace_dat_drives_a_guest_as_the_text_that_it_was_made_of()
    {
        string journal = Path.Combine(_folder.Path, "trace.atj");
        string binary = Path.Combine(_folder.Path, "load.dat");
        await Run("import", _folder.Write("load.txt", Text), "-o", journal);
        await Run("replay", journal, "--to", "trace.dat", "-o", binary);
        _folder.Write("rtos.elf", ScenarioText.RtosImage);

        IReadOnlyList<CapturedBurst> Bursts(string capture) => ScenarioLoader.LoadFile(
            _folder.Write("s.yaml", Driven.Replace("load.txt", capture, StringComparison.Ordinal)), ScenarioChanges.None).Guests[0].Workload!.Bursts;
        Assert.Equal(3, Bursts("load.txt").Count);
        Assert.Equal(Bursts("load.txt"), Bursts("load.dat"));

        await File.WriteAllBytesAsync(binary, (await File.ReadAllBytesAsync(binary))[..1000]);
        InputException error = Assert.Throws<InputException>(() => Bursts("load.dat"));
        Assert.StartsWith("load.dat, byte ", error.Place, StringComparison.Ordinal);
    }

    private const string Driven = """
        name: driven
        duration: 1s
        board: {preset: arndale}
        guests:
          - name: android
            kind: workload
            core: 0
            elf: rtos.elf
            profiler: true
            workload:
              capture: {file: load.txt, cpu: 0}
        """;

    private static Task<CliRun> Run(params string[] args) => CliRun.Of(new SimulationEngine(), args);
}
