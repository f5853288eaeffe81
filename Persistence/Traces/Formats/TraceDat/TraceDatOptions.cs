using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>An option of a trace.dat.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Data">Its content.</param>
internal readonly record struct TraceDatOption(ushort Id, byte[] Data);

/// <summary>The options of a trace.dat: u16 id, u32 size, data.</summary>
internal static class TraceDatOptions
{
    private const ushort CpuStatistics = 2;
    private const ushort TraceClock = 4;
    private const ushort Uname = 5;
    private const ushort CpuCount = 8;
    private const ushort Version = 9;
    private const ushort TraceId = 11;

    /// <summary>The chosen clock.</summary>
    public const string Clock = "mono";

    /// <summary>tracefs trace_clock: the clocks of a kernel, the chosen one in brackets. Tools show mono in seconds.</summary>
    public const string Clocks = $"local global counter uptime perf [{Clock}] mono_raw boot tai\n";

    /// <summary>The options of a trace, of any version.</summary>
    /// <param name="cpus">Its pages, complete.</param>
    /// <param name="traceId">Its identity.</param>
    public static IReadOnlyList<TraceDatOption> Of(CpuPages[] cpus, ulong traceId) =>
    [
        .. cpus.Select((pages, cpu) => Text(CpuStatistics, Statistics(pages, cpu))),

        // trace-cmd itself leaves this option empty, but its reader then parses memory that was never set and now and then
        // shows raw numbers instead of seconds.
        Text(TraceClock, Clocks + "\0"),
        Text(Uname, "Linux actortrace armv7l\0"),
        new(CpuCount, Bytes(output => TraceDatHead.U32(output, (uint)cpus.Length))),
        Text(Version, "ActorTrace\0"),
        new(TraceId, Bytes(output => TraceDatHead.U64(output, traceId))),
    ];

    /// <summary>Writes options, without an end.</summary>
    public static void Write(Stream output, IEnumerable<TraceDatOption> options)
    {
        foreach (TraceDatOption option in options)
        {
            TraceDatHead.U16(output, option.Id);
            TraceDatHead.U32(output, (uint)option.Data.Length);
            output.Write(option.Data);
        }
    }

    /// <summary>The data of an option.</summary>
    public static byte[] Bytes(Action<Stream> write)
    {
        using var data = new MemoryStream();
        write(data);
        return data.ToArray();
    }

    /// <summary>As per_cpu/cpuN/stats of tracefs; the reader replaces the last byte by a line end.</summary>
    private static string Statistics(CpuPages pages, int cpu) => string.Create(
        CultureInfo.InvariantCulture,
        $"CPU: {cpu}\nentries: {pages.Entries}\noverrun: {pages.Overrun}\ncommit overrun: 0\nbytes: {pages.Bytes}\n\n");

    private static TraceDatOption Text(ushort id, string text) => new(id, Encoding.ASCII.GetBytes(text));
}
