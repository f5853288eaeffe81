using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Merge;

/// <summary>Puts a core's steps into the order of the instants they are shown at.</summary>
/// <remarks>
/// A core writes a step down when it ends, and is shown at its start: an enclosing step stands behind those inside it. A
/// window of steps is held back and sorted. A step that encloses more than a window is shown late, where the window begins.
/// </remarks>
internal static class StepOrder
{
    private const int Window = 4096;

    public static IEnumerable<MergedRecord> Sort(IEnumerable<TraceRecord> records, int core)
    {
        var window = new PriorityQueue<StepRecord, (ulong At, long Number)>(Window + 1);
        VirtualInstant last = VirtualInstant.Zero;
        long number = 0;
        foreach (TraceRecord record in records)
        {
            if (record is HorizonRecord horizon)
            {
                while (window.TryPeek(out StepRecord? held, out _) && ShownAt(held) < horizon.At)
                {
                    yield return Next();
                }

                last = VirtualInstant.Max(last, horizon.At);
                yield return new MergedRecord(last, core, horizon);
                continue;
            }

            if (record is not StepRecord step)
            {
                continue;
            }

            window.Enqueue(step, (ShownAt(step).Cycles, number++));
            if (window.Count > Window)
            {
                yield return Next();
            }
        }

        while (window.Count > 0)
        {
            yield return Next();
        }

        MergedRecord Next()
        {
            StepRecord step = window.Dequeue();
            last = VirtualInstant.Max(last, ShownAt(step));
            return new MergedRecord(last, core, step);
        }
    }

    /// <summary>Leaving the hypervisor and changing the vCPU count when they are done, all else when it begins.</summary>
    private static VirtualInstant ShownAt(StepRecord step) => step.Step is StepKind.Resume or StepKind.VcpuSwitch ? step.End : step.Start;
}
