using ActorTrace.Hosting.Cli;
using ActorTrace.Journal.Reading;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>What guests print, in real runs.</summary>
public class ConsoleTests
{
    private const string Banner = "ActorTrace RTOS: 64 priorities, 1000 ticks/s, MMU off\n";

    private static readonly string Native = Checkout.File("scenarios", "native.yaml");

    [Fact]
    public async Task A_run_shows_live_what_the_replay_shows_later()
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new SimulationEngine(), "run", Native, "--for", "40ms", "--journal", journal, "--console", "ucos");
        Assert.Equal((0, ""), (run.Code, run.Error));
        int end = run.Out.IndexOf("scenario  native: completed", StringComparison.Ordinal);
        CliRun replay = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console");
        Assert.Equal((0, ""), (replay.Code, replay.Error));
        Assert.StartsWith(Banner, replay.Out, StringComparison.Ordinal);
        Assert.Equal(replay.Out, run.Out[..end]);

        CliRun named = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console", "--guest", "ucos", "-o", "-");
        Assert.Equal(replay.Out, named.Out);
        CliRun timed = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console", "--timestamps");
        string[] lines = timed.Out.Split('\n');
        Assert.All(lines.SkipLast(1), line => Assert.Matches(@"^\[    0\.0[0-9]{8}\] ActorTrace RTOS: ", line));
        Assert.Equal(replay.Out, string.Join('\n', lines.Select(line => line.Length > 18 ? line[18..] : line)));
    }

    [Fact]
    public async Task A_line_that_the_end_of_the_run_cuts_off_is_not_lost()
    {
        using var folder = new TempFolder();
        string whole = await Bytes(folder, "whole", "40ms");
        string cut = await Bytes(folder, "cut", "32980us");
        Assert.StartsWith(cut, whole, StringComparison.Ordinal);
        Assert.False(cut.EndsWith('\n'), cut);
        Assert.True(cut.Length > Banner.Length + 10, cut);
    }

    [Fact]
    public async Task Guests_that_take_turns_on_a_core_each_keep_their_text()
    {
        const string shared = """
            name: shared
            duration: 90ms
            board: {preset: arndale}
            hypervisor: {slice: 100us}
            guests:
              - {name: one, core: 1, elf: RTOS, ram: 16MiB}
              - {name: two, core: 1, elf: RTOS, ram: 16MiB}
            """;
        using var folder = new TempFolder();
        string scenario = folder.Write(
            "s.yaml", shared.Replace("RTOS", Checkout.File("guests", "rtos", "bin", "rtos.elf"), StringComparison.Ordinal));
        string journal = Path.Combine(folder.Path, "j.atj");
        CliRun run = await CliRun.Of(new SimulationEngine(), "run", scenario, "--journal", journal);
        Assert.True(run.Code == 0, run.Error);
        CliRun all = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console");
        string both = "";
        foreach (string guest in new[] { "one", "two" })
        {
            CliRun replay = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console", "--guest", guest);
            Assert.StartsWith(Banner, replay.Out, StringComparison.Ordinal);
            Assert.Contains(guest + ": ActorTrace RTOS: ", all.Out, StringComparison.Ordinal);
            both += replay.Out;
        }

        // Slices end within lines: they are whole again.
        string[] lines = all.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.SkipLast(2), line => Assert.Matches("^(one|two): ActorTrace RTOS: ", line));
        Assert.Equal(
            both.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            lines.Select(line => line[5..]).Order(StringComparer.Ordinal));

        CliRun mixed = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console", "-o", Path.Combine(folder.Path, "x"));
        Assert.Equal(2, mixed.Code);
        Assert.StartsWith("actortrace: --guest: a file with the bytes of several guests would mix them (name one: one, two)", mixed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run NATIVE --console ucs", "--console: there is no guest 'ucs' (did you mean 'ucos'? guests: ucos)")]
    [InlineData("run NATIVE --console x --journal DIR/none.atj", "--console: there is no guest 'x' (guests: ucos)")]
    [InlineData("run NATIVE --console ucos --json", "--console: standard output cannot hold both ")]
    [InlineData("replay DIR/j.atj --to console --guest linux", "--guest: there is no guest 'linux' (guests: ucos)")]
    [InlineData("replay DIR/j.atj --to ftrace --guest ucos", "--guest: this is no option of '--to ftrace' (")]
    [InlineData("replay DIR/j.atj --to trace.dat --timestamps", "--timestamps: this is no option of '--to trace.dat' (")]
    [InlineData("replay DIR/j.atj --to console -o DIR/j.atj", "--output: the result would replace the journal (")]
    public async Task A_guest_that_is_not_there_is_one_line(string line, string message)
    {
        using var folder = new TempFolder();
        string journal = Path.Combine(folder.Path, "j.atj");
        await CliRun.Of(new RecordingEngine(), "run", Native, "--journal", journal);
        string[] args =
        [
            .. line.Replace("NATIVE", Native, StringComparison.Ordinal).Replace("DIR", folder.Path, StringComparison.Ordinal).Split(' '),
        ];
        CliRun run = await CliRun.Of(new RecordingEngine(), args);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.StartsWith("actortrace: " + message, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(["j.atj"], folder.Listing());
    }

    /// <summary>The bytes that a replay writes into a file; they must be those of the journal's records.</summary>
    private static async Task<string> Bytes(TempFolder folder, string name, string duration)
    {
        string journal = Path.Combine(folder.Path, name + ".atj");
        string file = Path.Combine(folder.Path, name + ".txt");
        await CliRun.Of(new SimulationEngine(), "run", Native, "--for", duration, "--journal", journal);
        CliRun replay = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "console", "-o", file);
        Assert.Equal((0, $"{file}: written\n"), (replay.Code, replay.Out));
        string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
        using JournalReader reader = JournalReader.Open(journal);
        string recorded = "";
        foreach (var batch in reader.Read(reader.RunIds()[0], StreamNames.Core(0)))
        {
            var records = new RecordReader(batch.Payload);
            while (records.Next() is { } record)
            {
                recorded += (record as ConsoleRecord)?.Text;
            }
        }

        Assert.Equal(recorded, text);
        return text;
    }
}
