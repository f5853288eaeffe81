using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>Recordings of all kinds of kernels, written by an independent writer: trace-cmd and the reader see the same.</summary>
public sealed partial class KernelLayoutTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public static TheoryData<bool, int, int> Layouts
    {
        get
        {
            var data = new TheoryData<bool, int, int>();
            foreach (KernelLayout layout in KernelLayout.All)
            {
                data.Add(layout.BigEndian, layout.LongBytes, layout.PageBytes);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Layouts))]
    public void A_kernel_of_any_kind_is_read_as_trace_cmd_reads_it(bool bigEndian, int longBytes, int pageBytes)
    {
        string path = Path.Combine(_folder.FullName, "kernel.dat");
        File.WriteAllBytes(path, new KernelLayout(bigEndian, longBytes, pageBytes).Write(KernelTrace.Sample));
        string[] tool = [.. ReportLines.ByTool(path).Select(Plain)];
        string[] reader = [.. ReportLines.ByReader(path).Select(Plain)];
        Assert.Equal(tool, reader, StringComparer.Ordinal);
        Assert.Equal(12, reader.Length);
        Assert.StartsWith("<idle>-0 [000] 1.001000000 sched_switch prev_comm=swapper/0 prev_pid=0", reader[0], StringComparison.Ordinal);
        Assert.Contains(reader, line => line.EndsWith(
            "numbers a=200 b=-3 c=60000 d=-300 e=4000000000 f=-5 g=18446744073709551614 h=-9223372036854775808 i=text", StringComparison.Ordinal));
    }

    // trace-cmd pads small numbers, and shows a field that the catalogue does not have (success of an old wake-up).
    private static string Plain(string line) => Success().Replace(Blanks().Replace(line, "="), string.Empty);

    [GeneratedRegex("= +", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(" success=1", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Success();
}
