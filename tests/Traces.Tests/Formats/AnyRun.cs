using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using CsCheck;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>A run of arbitrary switches, wake-ups and markers, and the lines that a tool must make of it: COMM-PID [CPU] SECONDS: EVENT: ARGUMENTS.</summary>
internal sealed record AnyRun(MemorySource Source, IReadOnlyList<string> Lines)
{
    private static readonly Gen<TaskReference> Tasks = Gen.Select(Gen.Int[1, 9], Gen.Int[0, 139], (pid, priority) =>
        new TaskReference(pid, $"task {pid}".PadRight(6 + pid, '.'), priority));

    private static readonly Gen<TraceRecord> Records = Gen.Select(Gen.Int[0, 2], Tasks, Tasks, Gen.Int[0, 3], Gen.Int[0, 20], (kind, current, other, state, length) =>
        (TraceRecord)(kind switch
        {
            0 => Switch(0, 0, current, (uint)(state == 3 ? 0x100 : state), other),
            1 => Wakeup(0, 0, current, other),
            _ => Marker(0, 0, current, "x" + new string('m', length * length)),
        }));

    // Gaps around the limits of the formats: 2^27 ns and 2^32 ns.
    private static readonly Gen<ulong> Gaps = Gen.OneOf(
        Gen.ULong[0, 3], Gen.ULong[100, 5000], Gen.ULong[130_000_000, 900_000_000], Gen.ULong[4_294_967_290, 9_000_000_000]);

    /// <summary>Runs to make samples of.</summary>
    public static Gen<AnyRun> Runs => Gen.Select(Records, Gen.Int[0, 1], Gaps).Array[0, 400].Select(Make);

    public static void Sample(Action<AnyRun> check, int iterations) => Runs.Sample(check, iter: iterations, threads: 1);

    private static AnyRun Make((TraceRecord Record, int Cpu, ulong Gap)[] records)
    {
        // Not 0: trace.dat has no such time (docs/formats/trace-dat.md).
        ulong now = 1;
        var source = new MemorySource();
        var lines = new List<string>();
        ulong?[] switchedIn = new ulong?[2];
        foreach ((TraceRecord template, int cpu, ulong gap) in records)
        {
            now += gap;
            var moved = (LaneRecord)template;
            moved = moved with { At = new VirtualInstant(now), Vcpu = VcpuOf(cpu), Core = new CoreId((byte)cpu) };
            source.AddLane(cpu, moved);
            lines.AddRange(Expected(moved, cpu, now, ref switchedIn[cpu]));
        }

        return new AnyRun(source, lines);
    }

    private static List<string> Expected(LaneRecord record, int cpu, ulong at, ref ulong? switchedIn)
    {
        List<string> lines = [];
        string prefix = string.Create(
            CultureInfo.InvariantCulture, $"{record.Current.Comm}-{record.Current.Pid} [{cpu:d3}] {at / 1_000_000_000}.{at % 1_000_000_000:d9}: ");
        switch (record)
        {
            case SwitchRecord change:
                string state = change.PreviousState switch { 1 => "S", 2 => "D", 0x100 => "R+", _ => "R" };
                if (switchedIn is { } start)
                {
                    lines.Add(string.Create(
                        CultureInfo.InvariantCulture, $"{prefix}sched_stat_runtime: comm={change.Current.Comm} pid={change.Current.Pid} runtime={at - start} [ns]"));
                }

                switchedIn = at;
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{prefix}sched_switch: prev_comm={change.Current.Comm} prev_pid={change.Current.Pid} prev_prio={change.Current.Priority} prev_state={state} ==> next_comm={change.Next.Comm} next_pid={change.Next.Pid} next_prio={change.Next.Priority}"));
                break;
            case WakeupRecord wakeup:
                foreach (string name in (string[])["sched_waking", "sched_wakeup"])
                {
                    lines.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{prefix}{name}: comm={wakeup.Task.Comm} pid={wakeup.Task.Pid} prio={wakeup.Task.Priority} target_cpu={cpu:d3}"));
                }

                break;
            default:
                lines.Add($"{prefix}print: tracing_mark_write: {((MarkerRecord)record).Text}");
                break;
        }

        return lines;
    }
}
