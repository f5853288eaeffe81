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

    /// <summary>Sends events of every kind that a timeline knows, in any order: handlers that only end, tasks in two places, losses.</summary>
    public static void SendAnything(ITraceEventSink sink, int events)
    {
        ulong[] states = [0, 1, 2, 4, 0x10, 0x40, 0x82, 0x100];
        ulong now = 1_000_000;
        uint noise = 7;
        for (int i = 0; i < events; i++)
        {
            noise = (noise * 1_664_525) + 1_013_904_223;
            (int cpu, int kind, int pid, int other) = ((int)(noise >> 10) % Cpus, (int)(noise >> 12) % 10, (int)(noise >> 16) % 12, (int)(noise >> 20) % 12);
            now += noise >> 24;
            switch (kind)
            {
                case 0: sink.Write(Handler(EventCatalogue.IrqHandlerEntry, now, cpu, 60 + (ulong)other, "timer")); break;
                case 1: sink.Write(Handler(EventCatalogue.IrqHandlerExit, now, cpu, 60 + (ulong)other, string.Empty)); break;
                case 2: sink.Write(Handler((noise & 1 << 28) == 0 ? EventCatalogue.SoftirqEntry : EventCatalogue.SoftirqExit, now, cpu, (ulong)other, string.Empty)); break;
                case 3: sink.Write(Handler((noise & 1 << 28) == 0 ? EventCatalogue.IpiEntry : EventCatalogue.IpiExit, now, cpu, 0, "Rescheduling interrupts")); break;
                case 4: sink.Write(Wakeup(now, cpu, pid)); break;
                case 5: sink.Write(Marker(now, cpu, pid, Name(pid), "any text")); break;
                case 6 when (noise >> 28) == 0: sink.Lost(cpu, now, noise >> 30); break;
                case 7: sink.Write(Hypervisor((noise & 1 << 28) == 0 ? HypervisorEvents.Enter : HypervisorEvents.Exit, now, cpu, noise << 6 & 0xFC00_0FFF)); break;
                default: sink.Write(Switch(now, cpu, pid, Name(pid), other, Name(other), states[noise >> 29])); break;
            }
        }
    }

    public static TraceEvent Switch(ulong at, int cpu, int previous, string previousName, int next, string nextName) =>
        Switch(at, cpu, previous, previousName, next, nextName, previous == 0 ? 0u : 1u);

    private static TraceEvent Switch(ulong at, int cpu, int previous, string previousName, int next, string nextName, ulong state)
    {
        var numbers = new EventNumbers();
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]) = ((ulong)previous, 120, state, (ulong)next, 120);
        return Event(EventCatalogue.SchedSwitch, at, cpu, previous, previousName, numbers, previousName) with { Text1 = nextName };
    }

    public static TraceEvent Marker(ulong at, int cpu, int pid, string name, string text) =>
        Event(EventCatalogue.Print, at, cpu, pid, name, default, text);

    private static TraceEvent Handler(EventType type, ulong at, int cpu, ulong number, string text)
    {
        var numbers = new EventNumbers();
        numbers[0] = number;
        return Event(type, at, cpu, 0, Name(0), numbers, text);
    }

    private static TraceEvent Hypervisor(EventType type, ulong at, int core, ulong syndrome)
    {
        var numbers = new EventNumbers();
        numbers[4] = syndrome;
        return Event(type, at, core, 0, Name(0), numbers, string.Empty);
    }

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
