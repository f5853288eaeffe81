using System.Text.RegularExpressions;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>What perf shows of a perf.data is what went in.</summary>
public sealed partial class PerfDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Any_switches_wakeups_and_markers_are_scripted_as_they_were() => AnyRun.Sample(
        run =>
        {
            string path = Path.Combine(_folder.FullName, "any.perf");
            TraceFormats.Perf.ToFile(new Replay(run.Source, TraceView.Gpos), path);
            string[] seen = [.. Tool.Lines("perf", "script", "--ns", "-F", "trace:comm,tid,cpu,time,event,trace", "-i", path).Select(Normalized)];
            Assert.Equal(run.Lines.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        },
        iterations: 15);

    private static string Normalized(string line)
    {
        Match match = ScriptLine().Match(line);
        Assert.True(match.Success, line);
        string arguments = MarkerPlace().Replace(match.Groups["args"].Value, "tracing_mark_write: ");
        return $"{match.Groups["comm"].Value}-{match.Groups["tid"].Value} [{match.Groups["cpu"].Value}] {match.Groups["time"].Value}: {match.Groups["event"].Value}: {arguments}";
    }

    [GeneratedRegex(@"^\s*(?<comm>\S.*?)\s+(?<tid>\d+)\s+\[(?<cpu>\d+)\]\s+(?<time>\d+\.\d{9}):\s+\w+:(?<event>\w+):\s*(?<args>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScriptLine();

    /// <summary>The function that wrote a marker: perf has no symbols of the simulated kernel and shows its address.</summary>
    [GeneratedRegex("^0?x?ffffffff81000000s?: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MarkerPlace();
}
