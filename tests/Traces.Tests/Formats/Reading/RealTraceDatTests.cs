using Xunit;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>A trace.dat of a 32-bit ARM kernel with 8 CPUs: what trace-cmd reads is what the reader reads.</summary>
public sealed class RealTraceDatTests
{
    [SkippableFact]
    public void Every_event_of_a_real_capture_is_read_as_trace_cmd_reads_it()
    {
        string path = Captures.Path("biglittle-8core.dat");
        string[] tool = ReportLines.ByTool(path);
        string[] reader = ReportLines.ByReader(path);
        Assert.Equal(525, tool.Length);
        Assert.Equal(tool.Select(Fields), reader.Select(Fields), StringComparer.Ordinal);
    }

    // bprint's arguments are packed as its format says; trace-cmd -R shows none of them.
    private static string Fields(string line)
    {
        int arguments = line.IndexOf(" bprint ", StringComparison.Ordinal);
        return arguments < 0 ? line : line[..(arguments + " bprint".Length)];
    }
}
