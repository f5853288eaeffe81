using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Pages.Tests;

/// <summary>Traces made for the tests: uneven, but always the same.</summary>
internal static class SyntheticTrace
{
    /// <summary>Tasks of a long trace, pids from 1 on.</summary>
    public const int Tasks = 40;

    private const int Cpus = 4;

    /// <summary>Sends a long trace: each task is woken and then switched to, half of them on each CPU in turn.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="events">How many, even.</param>
    /// <param name="runs">Counts the runs of each task by pid.</param>
    public static void Send(ITraceEventSink sink, int events, int[] runs)
    {
        int[] current = new int[Cpus];
        ulong now = 5_000_000_000;
        uint noise = 1;
        for (int i = 0; i < events / 2; i++)
        {
            noise = (noise * 1_664_525) + 1_013_904_223;
            int cpu = (int)(noise >> 8) % Cpus;

            // Tasks keep to their CPU, so that none runs twice at once.
            int next = current[cpu] == 0 ? 1 + cpu + ((int)(noise >> 12) % (Tasks / Cpus) * Cpus) : 0;
            now += 300 + (noise >> 18);
            sink.Write(next == 0 ? Marker(now, cpu, current[cpu], Name(current[cpu]), "work done") : Wakeup(now, cpu, next));
            now += 50;
            sink.Write(Switch(now, cpu, current[cpu], Name(current[cpu]), next, Name(next)));
            runs[next]++;
            current[cpu] = next;
        }
    }

    public static TraceEvent Switch(ulong at, int cpu, int previous, string previousName, int next, string nextName)
    {
        var numbers = new EventNumbers();
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]) = ((ulong)previous, 120, previous == 0 ? 0u : 1u, (ulong)next, 120);
        return Event(EventCatalogue.SchedSwitch, at, cpu, previous, previousName, numbers, previousName) with { Text1 = nextName };
    }

    public static TraceEvent Marker(ulong at, int cpu, int pid, string name, string text) =>
        Event(EventCatalogue.Print, at, cpu, pid, name, default, text);

    private static TraceEvent Wakeup(ulong at, int cpu, int pid)
    {
        var numbers = new EventNumbers();
        (numbers[0], numbers[1], numbers[2]) = ((ulong)pid, 120, (ulong)cpu);
        return Event(EventCatalogue.SchedWakeup, at, cpu, 0, Name(0), numbers, Name(pid));
    }

    private static string Name(int pid) => pid == 0 ? "swapper" : string.Create(CultureInfo.InvariantCulture, $"task-{pid}.");

    private static TraceEvent Event(EventType type, ulong at, int cpu, int pid, string name, EventNumbers numbers, string text) => new()
    {
        Type = type,
        Nanoseconds = at,
        Cpu = cpu,
        Pid = pid,
        Comm = name,
        Tgid = pid,
        Numbers = numbers,
        Text0 = text,
    };
}
