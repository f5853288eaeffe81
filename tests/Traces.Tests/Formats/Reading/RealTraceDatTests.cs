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

    [SkippableTheory]
    [InlineData("6", "none")]
    [InlineData("7", "none")]
    [InlineData("7", "zstd")]
    public void What_trace_cmd_converts_a_real_capture_to_is_read_as_the_capture(string version, string compression)
    {
        string path = Captures.Path("biglittle-8core.dat");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace");
        try
        {
            string converted = Path.Combine(folder.FullName, "converted.dat");
            string[] packing = version is "6" ? [] : ["--compression", compression];


            // convert tells on stderr where it puts the CPUs; whether trace-cmd is there is seen by reading the original.
            Assert.NotEmpty(ReportLines.ByTool(path));
            Tool.Lines("sh", ["-c", "exec trace-cmd convert \"$@\" 2>&1", "sh", "-i", path, "-o", converted, "--file-version", version, .. packing]);
            Assert.Equal(ReportLines.ByReader(path), ReportLines.ByReader(converted), StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // bprint's arguments are packed as its format says; trace-cmd -R shows none of them. Here it has a name of its own (EventTypes).
    private static string Fields(string line)
    {
        line = line.Replace(" bprint_2 ", " bprint ", StringComparison.Ordinal);
        int arguments = line.IndexOf(" bprint ", StringComparison.Ordinal);
        return arguments < 0 ? line : line[..(arguments + " bprint".Length)];
    }
}
