namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>prev_state as kernels print it: letters joined by '|', a '+' behind for a task that was preempted.</summary>
internal static class TaskStateText
{
    /// <summary>TASK_REPORT_MAX: the task was preempted while it had another state.</summary>
    private const uint Preempted = 0x100;

    // The bits of include/linux/sched.h, 4.14 and later. Older kernels print more letters: x is EXIT_DEAD as well; K, W and N
    // are flags of waking that later kernels do not report.
    private static readonly (char Letter, uint Bits)[] Letters =
    [
        ('R', 0x00), ('S', 0x01), ('D', 0x02), ('T', 0x04), ('t', 0x08), ('X', 0x10), ('Z', 0x20), ('P', 0x40), ('I', 0x80),
        ('x', 0x10), ('K', 0x00), ('W', 0x00), ('N', 0x00),
    ];

    /// <summary>Reads the text; false where it holds something else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            bits = Preempted;
            text = text[..^1];
        }

        if (text.IsEmpty || text.Length % 2 == 0)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (i % 2 == 1 ? text[i] != '|' : !TryLetter(text[i], ref bits))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryLetter(char letter, ref uint bits)
    {
        foreach ((char known, uint more) in Letters)
        {
            if (known == letter)
            {
                bits |= more;
                return true;
            }
        }

        return false;
    }
}
