using System.Globalization;

namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>The parts of one line of ftrace text: "task-pid [cpu] flags seconds.fraction: event: arguments".</summary>
/// <remarks>
/// Older kernels write no flags, newer ones may write a thread-group column before the CPU. A task's name may hold anything, so
/// the line is read from its CPU column on: the first "[digits]" that a time stamp and an event follow.
/// </remarks>
internal readonly ref struct CaptureLine
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const int FractionDigits = 9;

    private CaptureLine(int cpu, ulong nanoseconds, ReadOnlySpan<char> name, ReadOnlySpan<char> arguments)
    {
        Cpu = cpu;
        Nanoseconds = nanoseconds;
        Event = name;
        Arguments = arguments;
    }

    /// <summary>The CPU that recorded the event.</summary>
    public int Cpu { get; }

    /// <summary>The time stamp.</summary>
    public ulong Nanoseconds { get; }

    /// <summary>The event's name.</summary>
    public ReadOnlySpan<char> Event { get; }

    /// <summary>What follows the name.</summary>
    public ReadOnlySpan<char> Arguments { get; }

    /// <summary>Reads a line; false where it is no event.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out CaptureLine parsed)
    {
        parsed = default;
        int from = 0;
        while (from < line.Length)
        {
            int open = line[from..].IndexOf('[');
            if (open < 0)
            {
                return false;
            }

            from += open + 1;
            if (TryParseFromCpu(line[from..], out parsed))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParseFromCpu(ReadOnlySpan<char> text, out CaptureLine parsed)
    {
        parsed = default;
        int close = text.IndexOf(']');
        if (close < 1 || !int.TryParse(text[..close], NumberStyles.None, CultureInfo.InvariantCulture, out int cpu))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[(close + 1)..].TrimStart(' ');
        if (!TryTakeTime(ref rest, out ulong time))
        {
            int space = rest.IndexOf(' ');
            if (space is < 1 or > 8)
            {
                return false;
            }

            rest = rest[space..].TrimStart(' ');
            if (!TryTakeTime(ref rest, out time))
            {
                return false;
            }
        }

        rest = rest.TrimStart(' ');
        int colon = rest.IndexOf(':');
        if (colon < 1 || rest[..colon].Contains(' '))
        {
            return false;
        }

        parsed = new CaptureLine(cpu, time, rest[..colon], rest[(colon + 1)..].TrimStart(' '));
        return true;
    }

    /// <summary>Takes "seconds.fraction:" from the front; the fraction has 1 to 9 digits (6 usually).</summary>
    private static bool TryTakeTime(ref ReadOnlySpan<char> text, out ulong nanoseconds)
    {
        nanoseconds = 0;
        int colon = text.IndexOf(':');
        int dot = text.IndexOf('.');
        if (dot < 1 || colon < dot + 2 || colon - dot - 1 > FractionDigits
            || !ulong.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seconds)
            || !ulong.TryParse(text[(dot + 1)..colon], NumberStyles.None, CultureInfo.InvariantCulture, out ulong fraction)
            || seconds >= ulong.MaxValue / NanosecondsPerSecond)
        {
            return false;
        }

        for (int digits = colon - dot - 1; digits < FractionDigits; digits++)
        {
            fraction *= 10;
        }

        nanoseconds = (seconds * NanosecondsPerSecond) + fraction;
        text = text[(colon + 1)..];
        return true;
    }
}
