using System.Text;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads the key `workload` of a guest: what its tasks do.</summary>
internal static class WorkloadReader
{
    private const int DefaultPriority = 120;

    /// <summary>Reads a workload.</summary>
    public static WorkloadSpec Read(MapReader workload, ClockRates clock, RecordedFiles files)
    {
        TaskSpec[] tasks = [.. workload.Maps("tasks").Select(t => ReadTask(t, clock))];
        MapReader? capture = workload.Map("capture");
        if (capture is not null && tasks.Length > 0)
        {
            throw workload.Error("capture", "both 'tasks' and 'capture' are there", "a guest has one of them");
        }

        var spec = new WorkloadSpec
        {
            Tasks = tasks,
            Bursts = capture is null ? [] : CaptureFile.Read(capture, clock, files),
            MaskedStretches = [.. workload.Maps("masked").Select(m => ReadMasked(m, clock)).OrderBy(m => m.At)],
            ScribbleAt = [.. workload.Items("scribble").Select(n => ReadInstant(n, clock)).Order()],
        };
        workload.Done();
        return spec;
    }

    private static TaskSpec ReadTask(MapReader task, ClockRates clock)
    {
        string name = task.RequiredText("name", "e.g. 'name: system_server'");
        if (Encoding.UTF8.GetByteCount(name) > 15 || name.Any(c => c is <= ' ' or > '~'))
        {
            throw task.Error("name", $"'{name}' is no task name", "1 to 15 printable ASCII characters without blanks");
        }

        TaskBehaviour behaviour = task.Choice("behaviour", "periodic", "cpuBound", "once") switch
        {
            "cpuBound" => TaskBehaviour.CpuBound,
            "once" => TaskBehaviour.Once,
            _ => TaskBehaviour.Periodic,
        };
        ulong? Cycles(string key) => task.Time(key)?.ToCycles(clock);
        ulong pid = task.Integer("pid", 1, 4_194_303) ?? throw task.Missing("pid", "e.g. 'pid: 400'");
        ulong priority = task.Integer("priority", 0, 139) ?? DefaultPriority;
        ulong period = Cycles("period") ?? 0;
        ulong offset = Cycles("offset") ?? 0;
        ulong work = Cycles("work") ?? 0;
        if (behaviour == TaskBehaviour.Periodic && period == 0)
        {
            throw task.Missing("period", "e.g. 'period: 16ms'; a periodic task has a period above 0");
        }

        if (behaviour != TaskBehaviour.CpuBound && work == 0)
        {
            throw task.Missing("work", "e.g. 'work: 300us'; the task must have work above 0");
        }

        task.Done();
        return new TaskSpec(name, (int)pid, (int)priority, behaviour, period, offset, work);
    }

    private static MaskedStretch ReadMasked(MapReader masked, ClockRates clock)
    {
        TimeQuantity at = masked.Time("at") ?? throw masked.Missing("at", "e.g. 'at: 100ms'");
        TimeQuantity length = masked.Time("for") ?? throw masked.Missing("for", "e.g. 'for: 20ms'");
        masked.Done();
        return new MaskedStretch(new VirtualInstant(at.ToCycles(clock)), length.ToCycles(clock));
    }

    private static VirtualInstant ReadInstant(YamlNode node, ClockRates clock)
    {
        TimeQuantity? time = node is YamlScalar scalar ? Quantity.Time(scalar.Text) : null;
        return time is { } t
            ? new VirtualInstant(t.ToCycles(clock))
            : throw node.Error("this is no time", Quantity.TimeHelp);
    }
}
