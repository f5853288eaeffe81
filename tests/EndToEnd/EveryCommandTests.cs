using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;

namespace ActorTrace.EndToEnd;

/// <summary>The commands of the tools whose figures no other test compares: each opens both views of the paper's scenario without a word on stderr.</summary>
public sealed class EveryCommandTests : IDisposable
{
    // Format, command; TRACE stands for the result.
    private static readonly (string Format, string Command)[] Commands =
    [
        .. ((string[])["report", "report -l", "report -R", "report --profile", "report --stat", "report --ts-check", "hist", "dump --summary"])
            .SelectMany(command => new[] { ("trace.dat", $"trace-cmd {command} -i TRACE"), ("trace.dat-v7", $"trace-cmd {command} -i TRACE") }),
        ("perf", "perf script -i TRACE"),
        ("perf", "perf report --stdio -i TRACE"),
        ("perf", "perf evlist -v -i TRACE"),
        ("perf", "perf sched -i TRACE map"),
        ("perf", "perf sched -i TRACE script"),
        ("perf", "perf sched -i TRACE timehist --no-call-graph -s"),
        ("perf", "perf sched -i TRACE timehist --no-call-graph -w -n --state -V -M"),
        .. ((string[])["schedstats", "schedtop", "schedlog", "schedfreq", "cputop", "irqstats", "irqlog", "irqfreq"])
            .Select(command => ("ctf", $"lttng-{command} --no-progress TRACE/kernel")),
    ];

    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public static TheoryData<string, string> Lines
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string format, string command) in Commands)
            {
                data.Add(format, command);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Lines))]
    public void A_command_opens_both_views_without_a_word_on_stderr(string format, string command)
    {
        foreach (TraceView view in Enum.GetValues<TraceView>())
        {
            string path = _folder.File($"{view}");
            TraceFormats.Find(format)!.ToFile(new Replay(WholeRuns.Of(WholeRuns.Paper), view, new EventSelection(Until: 300_000_000)), path);
            string[] words = command.Replace("TRACE", path, StringComparison.Ordinal).Split(' ');
            Assert.NotEmpty(Tool.Lines(words[0], words[1..]));
        }
    }
}
