using System.Globalization;

namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>
/// The arguments of sched_switch: "prev_comm=X prev_pid=N prev_prio=N prev_state=S ==> next_comm=X next_pid=N next_prio=N".
/// A name may hold spaces and equal signs, so the numbers are found from the right.
/// </summary>
internal readonly ref struct SwitchArguments
{
    private const string Arrow = " ==> next_comm=";

    private SwitchArguments(CapturedTask previous, uint state, CapturedTask next)
    {
        Previous = previous;
        State = state;
        Next = next;
    }

    /// <summary>The task that left.</summary>
    public CapturedTask Previous { get; }

    /// <summary>prev_state bits.</summary>
    public uint State { get; }

    /// <summary>The task that came.</summary>
    public CapturedTask Next { get; }

    /// <summary>Reads the arguments; false where they are malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SwitchArguments parsed)
    {
        parsed = default;
        int arrow = text.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            return false;
        }

        ReadOnlySpan<char> left = text[..arrow];
        ReadOnlySpan<char> right = text[(arrow + " ==> ".Length)..].TrimEnd(' ');
        if (!TryTakeLast(ref left, " prev_state=", out ReadOnlySpan<char> state)
            || !PreviousStateText.TryParse(state, out uint bits)
            || !TryParseTask(left, "prev_comm=", " prev_pid=", " prev_prio=", out CapturedTask previous)
            || !TryParseTask(right, "next_comm=", " next_pid=", " next_prio=", out CapturedTask next))
        {
            return false;
        }

        parsed = new SwitchArguments(previous, bits, next);
        return true;
    }

    private static bool TryParseTask(ReadOnlySpan<char> text, string commKey, string pidKey, string priorityKey, out CapturedTask task)
    {
        task = default;
        if (!TryTakeLast(ref text, priorityKey, out ReadOnlySpan<char> priorityText)
            || !TryTakeLast(ref text, pidKey, out ReadOnlySpan<char> pidText)
            || !text.StartsWith(commKey, StringComparison.Ordinal)
            || !int.TryParse(priorityText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int priority)
            || !int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
        {
            return false;
        }

        task = new CapturedTask(pid, text[commKey.Length..], priority);
        return true;
    }

    private static bool TryTakeLast(ref ReadOnlySpan<char> text, string key, out ReadOnlySpan<char> value)
    {
        int at = text.LastIndexOf(key, StringComparison.Ordinal);
        value = at < 0 ? default : text[(at + key.Length)..];
        text = at < 0 ? text : text[..at];
        return at >= 0;
    }
}

/// <summary>A task as a line names it.</summary>
/// <param name="pid">Its pid.</param>
/// <param name="comm">Its name as it stands in the line.</param>
/// <param name="priority">Its priority.</param>
internal readonly ref struct CapturedTask(int pid, ReadOnlySpan<char> comm, int priority)
{
    /// <summary>Its pid.</summary>
    public int Pid { get; } = pid;

    /// <summary>Its name as it stands in the line.</summary>
    public ReadOnlySpan<char> Comm { get; } = comm;

    /// <summary>Its priority.</summary>
    public int Priority { get; } = priority;
}
