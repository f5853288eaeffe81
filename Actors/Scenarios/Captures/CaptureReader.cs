using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>Makes the bursts of one CPU of a trace file: ftrace or systrace text, or a trace.dat.</summary>
/// <remarks>Memory grows with the number of bursts only, at most <see cref="MaxBursts"/>.</remarks>
public sealed class CaptureReader : ITraceEventSink
{
    /// <summary>The most bursts that are taken from a file.</summary>
    public const int MaxBursts = 8_000_000;

    /// <summary>The longest time that a capture covers: a million seconds.</summary>
    public const ulong MaxNanoseconds = 1_000_000_000_000_000;

    private const int CommLength = 15;
    private const uint Sleeping = 1;

    // TASK_REPORT and the mark of a preempted task; other bits are the kernel's own.
    private const uint StateBits = 0x1FF;

    private readonly TraceFile file;
    private readonly int cpu;
    private readonly ClockRates clock;
    private readonly List<Pending> switches = [];
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private long backward;
    private long mismatches;
    private ulong last;

    private CaptureReader(TraceFile file, int cpu, ClockRates clock)
    {
        this.file = file;
        this.cpu = cpu;
        this.clock = clock;
    }

    /// <summary>Reads a capture.</summary>
    /// <param name="input">The file; it can seek, and is closed.</param>
    /// <param name="cpu">The CPU whose bursts are wanted.</param>
    /// <param name="clock">The board's clocks; a burst begins at the first cycle that is not earlier than its time stamp.</param>
    /// <exception cref="CaptureException">A sched_switch is malformed, there is none of that CPU, or the file is no capture.</exception>
    public static Capture Read(Stream input, int cpu, ClockRates clock)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(clock);
        try
        {
            using TraceFile opened = TraceFile.Open(input);
            CaptureReader reader = new(opened, cpu, clock);
            return reader.Finish(opened.Send(reader, new EventTypes()));
        }
        catch (TraceFileException e)
        {
            throw new CaptureException(e.Place, e.Message, e);
        }
    }

    /// <inheritdoc/>
    void ITraceEventSink.Write(in TraceEvent next)
    {
        if (switches.Count > 0)
        {
            if (next.Nanoseconds > switches[0].Nanoseconds + MaxNanoseconds)
            {
                throw new CaptureException(file.Place, "the time stamp is more than a million seconds after the first one");
            }

            last = next.Nanoseconds;
        }

        if (next.Cpu != cpu)
        {
            return;
        }

        const int previousPid = 0, previousPriority = 1, state = 2, nextPid = 3, nextPriority = 4;
        if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            Add(
                next.Nanoseconds,
                Keep((int)next.Number(previousPid), next.Text0, (int)next.Number(previousPriority)),
                (uint)next.Number(state) & StateBits,
                Keep((int)next.Number(nextPid), next.Text1, (int)next.Number(nextPriority)));
        }
        else if (next.Type.System is "sched" && next.Type.Name.StartsWith(EventCatalogue.SchedSwitch.Name, StringComparison.Ordinal))
        {
            throw Malformed();
        }
    }

    /// <inheritdoc/>
    void ITraceEventSink.Lost(int cpu, ulong nanoseconds, ulong count)
    {
        // What is missing shows as a mismatch of the tasks around it.
    }

    private CaptureException Malformed() => new(
        file.Place,
        "a sched_switch is malformed (expected prev_comm=, prev_pid=, prev_prio=, prev_state= ==> next_comm=, next_pid=, next_prio=)");

    private void Add(ulong at, Task previous, uint state, Task next)
    {
        if (switches.Count >= MaxBursts)
        {
            throw new CaptureException(file.Place, $"the capture has more than {MaxBursts} sched_switch events of CPU {cpu}");
        }

        mismatches += switches.Count > 0 && switches[^1].Next.Pid != previous.Pid ? 1 : 0;
        backward += switches.Count > 0 && file.WasMoved ? 1 : 0;
        last = at;
        switches.Add(new Pending(at, previous, state, next));
    }

    private Task Keep(int pid, string comm, int priority)
    {
        if (pid < 0)
        {
            throw Malformed();
        }

        if (!names.TryGetValue(comm, out string? kept))
        {
            kept = string.Create(Math.Min(comm.Length, CommLength), comm, static (target, source) =>
            {
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
                }
            });
            names.Add(comm, kept);
        }

        return new Task(pid, kept, priority);
    }

    private Capture Finish(TraceFileCounts counts)
    {
        if (switches.Count == 0)
        {
            throw new CaptureException(null, $"there is no sched_switch of CPU {cpu} among {counts.Events} events");
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

        VirtualInstant finish = VirtualInstant.Max(start, clock.FromNanoseconds(last - first));
        bursts.Add(new CapturedBurst(running.Pid, running.Comm, running.Priority, start, finish - start, running.Pid == 0 ? 0 : Sleeping));
        return new Capture(bursts, new CaptureReport(
            counts.Lines, counts.Events, switches.Count, backward, mismatches, counts.LossMarks, first));
    }

    private readonly record struct Task(int Pid, string Comm, int Priority);

    private readonly record struct Pending(ulong Nanoseconds, Task Previous, uint State, Task Next);
}
