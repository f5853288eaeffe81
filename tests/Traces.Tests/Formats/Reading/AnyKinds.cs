using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using CsCheck;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>A run with every kind of record that becomes an event, on two CPUs, with texts that formats can hold.</summary>
internal static class AnyKinds
{
    private static readonly Gen<string> Word = Gen.Char["abcdefgh_019"].Array[1, 12].Select(chars => "x" + new string(chars));

    private static readonly Gen<string> Words = Gen.Char["abc =>,:|()[]_-09"].Array[0, 60].Select(chars => ("x" + new string(chars)).TrimEnd());

    private static readonly Gen<TaskReference> Tasks =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 139], (pid, priority) => new TaskReference(pid, "task " + (char)('a' + pid) + "-1 [x]", priority));

    private static readonly Gen<ulong> Gaps = Gen.OneOf(Gen.ULong[0, 3], Gen.ULong[100, 5000], Gen.ULong[130_000_000, 900_000_000]);

    private static readonly Gen<(int Kind, int Cpu, ulong Gap, TaskReference Task, TaskReference Other, string Name, string Text, ulong Number)> Parts =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 1], Gaps, Tasks, Tasks, Word, Words, Gen.ULong);

    /// <summary>Any run.</summary>
    /// <param name="withSteps">With steps of the hypervisor, for the board view.</param>
    public static Gen<MemorySource> Runs(bool withSteps) => Parts.Array[0, 200].Select(parts =>
    {
        var source = new MemorySource();
        ulong now = 0;
        foreach (var part in parts)
        {
            now += part.Gap;
            if (part.Kind == 12)
            {
                if (withSteps)
                {
                    source.Add(StreamNames.Core(part.Cpu), Step(part.Cpu, now, part.Number));
                }

                continue;
            }

            if (part.Kind == 11)
            {
                // A loss has the time of the next record.
                source.AddLane(part.Cpu, Lost(part.Cpu, now, 1 + (part.Number % 1000)));
            }

            source.AddLane(part.Cpu, Record(part.Kind, part.Cpu, new VirtualInstant(now), part.Task, part.Other, part.Name, part.Text, part.Number));
        }

        return source;
    });

    private static StepRecord Step(int cpu, ulong now, ulong number)
    {
        StepKind[] kinds = Enum.GetValues<StepKind>();
        return new StepRecord(
            default, kinds[number % (ulong)kinds.Length], CostCategory.TrapEntry, new VirtualInstant(now), new VirtualInstant(now), new CoreId((byte)cpu),
            VcpuOf(cpu), (uint)number, (uint)number, ~(uint)number);
    }

    private static LaneRecord Record(
        int kind, int cpu, VirtualInstant at, TaskReference task, TaskReference other, string name, string text, ulong number)
    {
        (VcpuId vcpu, CoreId core) = (VcpuOf(cpu), new CoreId((byte)cpu));
        var phase = (InterruptPhase)(number % 3);
        var stack = new StackTop((uint)number, 1, ~(uint)number, 0);
        return kind switch
        {
            0 or 1 => Switch(cpu, at.Cycles, task, (uint)(number % 8), other),
            2 => Wakeup(cpu, at.Cycles, task, other) with { TargetCpu = number % 2 == 0 ? null : (int)(number / 2 % 2) },
            3 or 11 => Marker(cpu, at.Cycles, task, text),
            4 => new IrqRecord(default, at, at, vcpu, core, task, (int)(number % 1000), text, IsEntry: number % 2 == 0),
            5 => new SoftirqRecord(default, at, at, vcpu, core, task, (uint)(number % 12), phase),
            6 => new IpiRecord(default, at, at, vcpu, core, task, text, number, phase),
            7 => new CpuIdleRecord(default, at, at, vcpu, core, task, number % 2 == 0 ? CpuIdleRecord.Exit : (uint)(number % 5)),
            8 => new FunctionHitRecord(default, at, at, vcpu, core, task, name, (uint)number, ~(uint)number, 7) { Stack = stack },
            9 => new FunctionReturnRecord(default, at, at, vcpu, core, task, name, (uint)number, ~(uint)number, 7, VirtualInstant.Zero),
            _ => new ForeignRecord(default, at, at, vcpu, core, task, "imported", name, text),
        };
    }
}
