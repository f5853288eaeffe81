using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>The options of a trace.dat: u16 id, u32 size, data; ended by id 0.</summary>
internal static class TraceDatOptions
{
    private const ushort CpuStatistics = 2;
    private const ushort TraceClock = 4;
    private const ushort Uname = 5;
    private const ushort CpuCount = 8;
    private const ushort Version = 9;
    private const ushort TraceId = 11;

    /// <summary>tracefs trace_clock: the clocks of a kernel, the chosen one in brackets. Tools show mono in seconds.</summary>
    public const string Clocks = "local global counter uptime perf [mono] mono_raw boot tai\n";

    public static void Write(Stream output, CpuPages[] cpus, ulong traceId)
    {
        TraceDatHead.Name(output, "options  ");
        for (int cpu = 0; cpu < cpus.Length; cpu++)
        {
            // The reader replaces the last byte by a line end.
            Option(output, CpuStatistics, string.Create(
                CultureInfo.InvariantCulture,
                $"CPU: {cpu}\nentries: {cpus[cpu].Entries}\noverrun: {cpus[cpu].Overrun}\ncommit overrun: 0\nbytes: {cpus[cpu].Bytes}\n\n"));
        }


        // trace-cmd itself leaves this option empty, but its reader then parses memory that was never set and now and then
        // shows raw numbers instead of seconds.
        Option(output, TraceClock, Clocks + "\0");
        Option(output, Uname, "Linux actortrace armv7l\0");
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)cpus.Length);
        Option(output, CpuCount, number[..sizeof(uint)]);
        Option(output, Version, "ActorTrace\0");
        BinaryPrimitives.WriteUInt64LittleEndian(number, traceId);
        Option(output, TraceId, number);
        TraceDatHead.U16(output, 0);
    }

    private static void Option(Stream output, ushort id, string text) => Option(output, id, Encoding.ASCII.GetBytes(text));

    private static void Option(Stream output, ushort id, ReadOnlySpan<byte> data)
    {
        TraceDatHead.U16(output, id);
        TraceDatHead.U32(output, (uint)data.Length);
        output.Write(data);
    }
}
