using System.Text.Json;
using ActorTrace.Traces.Tests.Formats;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>What lttng-analyses compute of a CTF trace: their machine interface has the numbers that their tables round.</summary>
internal static class Lttng
{
    /// <summary>All of a trace; without it they cut it to the time in which every CPU was traced.</summary>
    public const string WholeTrace = "--no-intersection";

    private const int PriorityOfLttng = 100;

    /// <summary>Each wake-up latency.</summary>
    public static List<(Wait Wait, int Cpu, int Priority)> Log(string folder, params string[] options) =>
    [
        .. Rows("lttng-schedlog-mi", folder, options).Select(row => (
            new Wait(row[5].GetProperty("tid").GetInt32(), Unsigned(row[0]), Unsigned(row[1])),
            row[4].GetProperty("id").GetInt32(), row[3].GetProperty("value").GetInt32() + PriorityOfLttng)),
    ];

    /// <summary>Wake-up latencies by task: number, least, mean, most, in nanoseconds.</summary>
    public static List<(int Pid, int Count, ulong Least, double Mean, ulong Most)> Stats(string folder, params string[] options) =>
    [
        .. Rows("lttng-schedstats-mi", folder, options).Select(row => (
            row[0].GetProperty("tid").GetInt32(), row[1].GetProperty("value").GetInt32(), Unsigned(row[2]), row[3].GetProperty("value").GetDouble(), Unsigned(row[4]))),
    ];

    /// <summary>Share of the time that each task was on a CPU, and the time.</summary>
    public static (Dictionary<int, double> Shares, ulong From, ulong Until) Cpu(string folder, params string[] options)
    {
        JsonElement table = Table("lttng-cputop-mi", folder, [.. options, "--limit", "1000"])!.Value;
        JsonElement range = table.GetProperty("time-range");
        return (
            table.GetProperty("data").EnumerateArray().Where(row => row[0].GetProperty("tid").GetInt32() != 0)
                .ToDictionary(row => row[0].GetProperty("tid").GetInt32(), row => row[3].GetProperty("value").GetDouble()),
            Unsigned(range.GetProperty("begin")), Unsigned(range.GetProperty("end")));
    }

    private static JsonElement[] Rows(string tool, string folder, string[] options) =>
        Table(tool, folder, options) is { } table ? [.. table.GetProperty("data").EnumerateArray()] : [];

    /// <summary>The first table of the result; null where a trace has nothing to show in it.</summary>
    private static JsonElement? Table(string tool, string folder, string[] options)
    {
        using JsonDocument document = JsonDocument.Parse(string.Concat(Tool.Lines(tool, [.. options, Path.Combine(folder, "kernel")])));
        JsonElement results = document.RootElement.GetProperty("results");
        return results.GetArrayLength() == 0 ? null : results[0].Clone();
    }

    private static ulong Unsigned(JsonElement number) => number.GetProperty("value").GetUInt64();
}
