using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>
/// Reads ftrace or systrace text, as /sys/kernel/tracing/trace, atrace and systrace write it, into the bursts of one CPU.
/// </summary>
/// <remarks>Memory grows with the number of bursts only, at most <see cref="MaxBursts"/>.</remarks>
public sealed class CaptureReader
{
    /// <summary>The most bursts that are taken from a file.</summary>
    public const int MaxBursts = 8_000_000;

    /// <summary>The longest time that a capture covers: a million seconds.</summary>
    public const ulong MaxNanoseconds = 1_000_000_000_000_000;

    private const int CommLength = 15;
    private const uint Sleeping = 1;
    private readonly int cpu;
    private readonly ClockRates clock;
    private readonly List<Pending> switches = [];
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private long events;
    private long backward;
    private long mismatches;
    private long lossMarks;
    private ulong last;
    private ulong lastOfAll;

    private CaptureReader(int cpu, ClockRates clock)
    {
        this.cpu = cpu;
        this.clock = clock;
    }

    /// <summary>Reads a capture.</summary>
    /// <param name="input">The text.</param>
    /// <param name="cpu">The CPU whose bursts are wanted.</param>
    /// <param name="clock">The board's clocks; a burst begins at the first cycle that is not earlier than its time stamp.</param>
    /// <exception cref="CaptureException">A sched_switch is malformed, there is none of that CPU, or the text is no capture.</exception>
    public static Capture Read(Stream input, int cpu, ClockRates clock)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(clock);
        CaptureReader reader = new(cpu, clock);
        LineReader lines = new(input);
        while (lines.TryRead(out ReadOnlySpan<char> line))
        {
            reader.Take(line, lines.Number);
        }

        return reader.Finish(lines.Number);
    }

    private void Take(ReadOnlySpan<char> line, long number)
    {
        if (line.StartsWith("#", StringComparison.Ordinal))
        {
            return;
        }

        if (line.Contains("LOST ", StringComparison.Ordinal) && line.StartsWith("CPU:", StringComparison.Ordinal))
        {
            lossMarks++;
            return;
        }

        if (!CaptureLine.TryParse(line, out CaptureLine parsed))
        {
            return;
        }

        events++;
        if (switches.Count > 0)
        {
            if (parsed.Nanoseconds > switches[0].Nanoseconds + MaxNanoseconds)
            {
                throw new CaptureException(number, "the time stamp is more than a million seconds after the first one");
            }

            lastOfAll = Math.Max(lastOfAll, parsed.Nanoseconds);
        }

        if (parsed.Cpu != cpu || !parsed.Event.SequenceEqual("sched_switch"))
        {
            return;
        }

        if (!SwitchArguments.TryParse(parsed.Arguments, out SwitchArguments arguments))
        {
            throw new CaptureException(
                number, "a sched_switch is malformed (expected prev_comm=, prev_pid=, prev_prio=, prev_state= ==> next_comm=, next_pid=, next_prio=)");
        }

        Add(parsed.Nanoseconds, arguments, number);
    }

    private void Add(ulong at, SwitchArguments arguments, long number)
    {
        if (switches.Count >= MaxBursts)
        {
            throw new CaptureException(number, $"the capture has more than {MaxBursts} sched_switch events of CPU {cpu}");
        }

        Task previous = Keep(arguments.Previous);
        Task next = Keep(arguments.Next);
        if (switches.Count > 0)
        {
            mismatches += switches[^1].Next.Pid != previous.Pid ? 1 : 0;
            backward += at < last ? 1 : 0;
        }

        last = Math.Max(at, last);
        lastOfAll = Math.Max(last, lastOfAll);
        switches.Add(new Pending(last, previous, arguments.State, next));
    }

    private Task Keep(CapturedTask task)
    {
        ReadOnlySpan<char> cut = task.Comm.Length > CommLength ? task.Comm[..CommLength] : task.Comm;
        string comm = string.Create(cut.Length, cut, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        });
        if (!names.TryGetValue(comm, out string? kept))
        {
            names.Add(comm, comm);
            kept = comm;
        }

        return new Task(task.Pid, kept, task.Priority);
    }

    private Capture Finish(long lines)
    {
        if (switches.Count == 0)
        {
            throw new CaptureException(0, events == 0
                ? "no line is an event of ftrace text"
                : $"there is no sched_switch of CPU {cpu} among {events} events");
        }

        ulong first = switches[0].Nanoseconds;
        List<CapturedBurst> bursts = new(switches.Count + 1);
        Task running = switches[0].Previous;
        VirtualInstant start = VirtualInstant.Zero;
        foreach (Pending at in switches)
        {
            VirtualInstant end = clock.FromNanoseconds(at.Nanoseconds - first);
            bursts.Add(new CapturedBurst(running.Pid, running.Comm, running.Priority, start, end - start, at.State));
            (running, start) = (at.Next, end);
        }

        VirtualInstant finish = VirtualInstant.Max(start, clock.FromNanoseconds(lastOfAll - first));
        bursts.Add(new CapturedBurst(running.Pid, running.Comm, running.Priority, start, finish - start, running.Pid == 0 ? 0 : Sleeping));
        return new Capture(
            bursts, new CaptureReport(lines, events, switches.Count, backward, mismatches, lossMarks, first));
    }

    private readonly record struct Task(int Pid, string Comm, int Priority);

    private readonly record struct Pending(ulong Nanoseconds, Task Previous, uint State, Task Next);
}
