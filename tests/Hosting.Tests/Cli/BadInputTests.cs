using ActorTrace.Hosting.Tests.Scenarios;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

public class BadInputTests
{
    public static TheoryData<string, int, string> CommandLines { get; } = new()
    {
        { "", 2, "command line: required command was not provided" },
        { "rnu x", 2, "command line: unknown command 'rnu' (did you mean 'run'?)" },
        { "run DIR/s.yaml --jornal x", 2, "command line: unknown option '--jornal' (did you mean '--journal'?)" },
        { "run", 2, "command line: required argument 'SCENARIO' missing" },
        { "run DIR/none.yaml", 2, "DIR/none.yaml: there is no such scenario file" },
        { "run DIR", 2, "DIR: " },
        { "run DIR/s.yaml --for soon", 2, "--for: 'soon' is no time to simulate" },
        { "run DIR/s.yaml --for 0", 2, "--for: '0' is no time to simulate" },
        { "run DIR/s.yaml --threads 0", 2, "--threads: 0 is no number of threads" },
        { "run DIR/s.yaml --threads many", 2, "command line: " },
        { "run DIR/s.yaml --journal DIR/none/j.atj", 2, "--journal: 'DIR/none/j.atj' cannot be a journal file" },
        { "run DIR/s.yaml --journal DIR/text.atj", 1, "DIR/text.atj: is not a journal" },
        { "run DIR/rtos.elf", 2, "DIR/rtos.elf: the file is no UTF-8 text" },
        { "run DIR/broken.yaml", 2, "DIR/broken.yaml:" },
        { "run DIR/empty.yaml", 2, "DIR/empty.yaml:1:1: the file is empty" },
        { "replay DIR/none.atj --to ftrace", 2, "DIR/none.atj: no such file" },
        { "replay DIR/text.atj --to ftrace", 1, "DIR/text.atj: is not a journal" },
        { "replay DIR/empty.yaml --to trace.dat", 1, "DIR/empty.yaml: is empty, not a journal" },
        { "replay DIR/text.atj --to vcd", 2, "command line: " },
        { "replay DIR/text.atj", 1, "DIR/text.atj: is not a journal" },
        { "replay DIR/text.atj --from soon", 2, "--from: 'soon' is no time" },
        { "replay DIR/text.atj --to trace.dat -o -", 2, "--output: trace.dat cannot be written to standard output" },
        { "replay DIR/text.atj --to trace.dat-set --view board", 2, "--view: this is no option of '--to trace.dat-set' (leave it out" },
        { "replay DIR/text.atj --to trace.dat-set --cpu 1", 2, "--cpu: this is no option of '--to trace.dat-set' (leave it out" },
        { "replay DIR/text.atj --to trace.dat-set -o -", 2, "--output: trace.dat-set cannot be written to standard output" },
        { "replay DIR/text.atj --to trace.dat --compression zstd", 2, "--compression: this is no option of '--to trace.dat' (use '--to trace.dat-v7', or leave it out)" },
        { "replay DIR/text.atj --to console --compression none", 2, "--compression: this is no option of '--to console'" },
        { "replay DIR/text.atj --to trace.dat-v7 --compression zlib", 2, "command line: " },
        { "replay DIR/text.atj --to ftrace -o DIR/text.atj", 2, "--output: the result would replace the journal" },
        { "inspect DIR/none.atj", 2, "DIR/none.atj: no such file" },
        { "inspect DIR/s.yaml --json", 1, "DIR/s.yaml: is not a journal" },
        { "list DIR/text.atj", 1, "DIR/text.atj: is not a journal" },
        { "verify DIR/text.atj", 1, "DIR/text.atj: is not a journal" },
        { "profile", 2, "command line: required command was not provided (see 'actortrace profile --help')" },
        { "profile chek DIR/rtos.elf ucos2", 2, "command line: unknown command 'chek' (did you mean 'check'?)" },
        { "profile check DIR/rtos.elf", 2, "command line: required argument 'PROFILE' missing" },
        { "profile check DIR/none.elf ucos2", 2, "DIR/none.elf: the file does not exist (" },
        { "profile check DIR/text.atj ucos2", 2, "DIR/text.atj: byte 0x0: not an ELF file (" },
        { "profile check DIR/empty.yaml ucos2", 2, "DIR/empty.yaml: byte 0x0: not an ELF file (" },
        { "profile check DIR ucos2", 2, "DIR: the file cannot be read (" },
        { "profile check DIR/rtos.elf ucos", 2, "PROFILE: there is no profile 'ucos' (did you mean 'ucos2'?)" },
        { "profile check DIR/rtos.elf DIR/none.yaml", 2, "DIR/none.yaml: the file does not exist (" },
        { "profile check DIR/rtos.elf DIR/broken.yaml", 2, "DIR/broken.yaml:" },
        { "profile check DIR/rtos.elf DIR/s.yaml", 2, "DIR/s.yaml:" },
        { "profile check DIR/rtos.elf DIR/rtos.elf", 2, "DIR/rtos.elf: the file is no UTF-8 text" },
        { "verify DIR/none.atj", 2, "DIR/none.atj: no such file" },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Bad_input_is_one_line_and_leaves_nothing(string line, int code, string message)
    {
        using var folder = new TempFolder();
        ScenarioText.WriteTo(folder);
        folder.Write("text.atj", "this is no journal\n" + new string('x', 5000));
        folder.Write("broken.yaml", "name: [a");
        folder.Write("empty.yaml", "");
        string[] before = folder.Listing();
        string[] args = [.. line.Replace("DIR", folder.Path, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        CliRun run = await CliRun.Of(new RecordingEngine(), args);
        Assert.Equal("", run.Out);
        string error = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("actortrace: " + message, error.Replace(folder.Path, "DIR", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(")", error, StringComparison.Ordinal);
        Assert.Equal(code, run.Code);
        Assert.Equal(before, folder.Listing());
    }

    [Fact]
    public async Task A_replay_into_a_folder_that_is_not_there_is_one_line()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        await CliRun.Of(new RecordingEngine(), "run", ScenarioText.WriteTo(folder), "--journal", journal);
        CliRun run = await CliRun.Of(new RecordingEngine(), "replay", journal, "--to", "trace.dat", "-o", Path.Combine(folder.Path, "no", "x.dat"));
        Assert.Equal(1, run.Code);
        Assert.StartsWith("actortrace: ", Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(["j.atj", "rtos.elf", "s.yaml"], folder.Listing());
    }
}
