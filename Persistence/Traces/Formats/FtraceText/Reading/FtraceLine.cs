using System.Globalization;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>The parts of one line of ftrace text: "task-pid (tgid) [cpu] flags seconds.fraction: event: arguments".</summary>
/// <remarks>
/// Older kernels write no flags, and the column of thread groups is there only where it was asked for. A task's name may hold
/// anything, so the line is read from its CPU column on: the first "[digits]" with "-pid" in front and a time behind.
/// </remarks>
internal readonly ref struct FtraceLine
{
    /// <summary>Above the highest CPU that is read.</summary>
    public const int MostCpus = 8192;

    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const int FractionDigits = 9;
    private const int MostFlags = 8;

    /// <summary>The CPU that recorded the event.</summary>
    public int Cpu { get; private init; }

    /// <summary>The time stamp. Of a clock that counts something else, the number itself.</summary>
    public ulong Nanoseconds { get; private init; }

    /// <summary>The name of the task that was current.</summary>
    public ReadOnlySpan<char> Comm { get; private init; }

    /// <summary>Its pid.</summary>
    public int Pid { get; private init; }

    /// <summary>Its thread group; -1 where the column says that there is none, null where there is no column.</summary>
    public int? Tgid { get; private init; }

    /// <summary>What follows the time: "event: arguments".</summary>
    public ReadOnlySpan<char> Rest { get; private init; }

    /// <summary>Reads a line; false where it is no event.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out FtraceLine parsed)
    {
        int from = 0;
        while (true)
        {
            int open = line[from..].IndexOf('[');
            if (open < 0)
            {
                parsed = default;
                return false;
            }

            from += open + 1;
            if (TryCpu(line[from..], out int cpu, out ulong time, out ReadOnlySpan<char> rest)
                && TryTask(line[..(from - 1)], out ReadOnlySpan<char> comm, out int pid, out int? tgid))
            {
                parsed = new FtraceLine { Cpu = cpu, Nanoseconds = time, Comm = comm, Pid = pid, Tgid = tgid, Rest = rest };
                return true;
            }
        }
    }

    /// <summary>Reads "cpu] flags seconds.fraction: ".</summary>
    private static bool TryCpu(ReadOnlySpan<char> text, out int cpu, out ulong time, out ReadOnlySpan<char> rest)
    {
        time = 0;
        cpu = 0;
        rest = default;
        int close = text[..Math.Min(text.Length, 8)].IndexOf(']');
        if (close < 1 || !int.TryParse(text[..close], NumberStyles.None, CultureInfo.InvariantCulture, out cpu) || cpu >= MostCpus)
        {
            return false;
        }

        rest = text[(close + 1)..].TrimStart(' ');
        if (!TryTakeTime(ref rest, out time))
        {
            int space = rest.IndexOf(' ');
            if (space is < 1 or > MostFlags)
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
        return !rest.IsEmpty;
    }

    /// <summary>Takes "seconds.fraction:" from the front; the fraction has 1 to 9 digits (6 usually), or there is none.</summary>
    private static bool TryTakeTime(ref ReadOnlySpan<char> text, out ulong nanoseconds)
    {
        nanoseconds = 0;
        int whole = Digits(text);
        if (whole == 0 || whole == text.Length
            || !ulong.TryParse(text[..whole], NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds))
        {
            return false;
        }

        if (text[whole] == ':')
        {
            text = text[(whole + 1)..];
            return true;
        }

        ReadOnlySpan<char> tail = text[(whole + 1)..];
        int digits = Digits(tail);
        if (text[whole] != '.' || digits is < 1 or > FractionDigits || digits == tail.Length || tail[digits] != ':'
            || nanoseconds >= ulong.MaxValue / NanosecondsPerSecond)
        {
            return false;
        }

        ulong fraction = ulong.Parse(tail[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        for (int digit = digits; digit < FractionDigits; digit++)
        {
            fraction *= 10;
        }

        nanoseconds = (nanoseconds * NanosecondsPerSecond) + fraction;
        text = tail[(digits + 1)..];
        return true;
    }

    /// <summary>Reads "   task-pid   (tgid) ".</summary>
    private static bool TryTask(ReadOnlySpan<char> text, out ReadOnlySpan<char> comm, out int pid, out int? tgid)
    {
        comm = default;
        pid = 0;
        tgid = null;
        text = text.TrimEnd(' ');
        if (text.EndsWith(")"))
        {
            int open = text.LastIndexOf('(');
            ReadOnlySpan<char> group = open < 0 ? default : text[(open + 1)..^1].Trim(' ');
            if (group.IsEmpty)
            {
                return false;
            }

            tgid = group.ContainsAnyExcept('-')
                ? int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null
                : -1;
            text = tgid is null ? default : text[..open].TrimEnd(' ');
        }

        int dash = text.LastIndexOf('-');
        if (dash < 0 || !int.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out pid))
        {
            return false;
        }

        comm = text[..dash].TrimStart(' ');
        return true;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
