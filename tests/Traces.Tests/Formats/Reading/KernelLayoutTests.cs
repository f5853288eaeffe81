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
            "numbers a=200 b=-3 c=60000 d=-300 e=4000000000 f=-5 g=18446744073709551614 h=-9223372036854775808 i=text j=more text", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("date", "1.001016")]
    [InlineData("offsets", "1.000999")]
    [InlineData("counter", "2.500000")]
    public void Options_that_move_the_times_move_them_as_trace_cmd_does(string options, string first)
    {
        // DATE is in microseconds, also in hexadecimal; TSC2NSEC is multiplier, shift, base.
        (ushort, byte[])[] content = options switch
        {
            "date" => [(1, [.. "0x3f8\0"u8])],
            "offsets" => [(7, [.. "-1000\0"u8]), (7, [.. "1000000\0"u8])],
            _ => [(14, [5, 0, 0, 0, 1, 0, 0, 0, 0xE8, 3, 0, 0, 0, 0, 0, 0])],
        };
        string path = Path.Combine(_folder.FullName, "options.dat");
        File.WriteAllBytes(path, (new KernelLayout(false, 8, 4096) { Options = content }).Write(KernelTrace.Sample));
        string[] reader = [.. ReportLines.ByReader(path).Select(Plain)];
        Assert.Equal([.. ReportLines.ByTool(path).Select(Plain)], reader, StringComparer.Ordinal);
        Assert.Contains(first, reader[0], StringComparison.Ordinal);
    }

    // trace-cmd pads small numbers, and shows a field that the catalogue does not have (success of an old wake-up).
    private static string Plain(string line) => Success().Replace(Blanks().Replace(line, "="), string.Empty);

    [GeneratedRegex("= +", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(" success=1", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Success();
}
