using System.Globalization;

namespace ActorTrace.Traces.Formats.FtraceText;

/// <summary>The lines in front of an ftrace text; always of the same length, so that the number of events can be put in last.</summary>
internal static class FtraceTextHeader
{
    // Two numbers of up to 19 digits and the stroke.
    private const int EntriesWidth = 39;

    public static string Make(long entries, int cpus) => string.Create(CultureInfo.InvariantCulture, $"""
        # tracer: nop
        #
        # entries-in-buffer/entries-written: {$"{entries}/{entries}",-EntriesWidth}   #P:{cpus}
        #
        #                                          _-----=> irqs-off
        #                                         / _----=> need-resched
        #                                        | / _---=> hardirq/softirq
        #                                        || / _--=> preempt-depth
        #                                        ||| /     delay
        #           TASK-PID       TGID    CPU#  ||||   TIMESTAMP  FUNCTION
        #              | |           |       |   ||||      |         |

        """);
}
