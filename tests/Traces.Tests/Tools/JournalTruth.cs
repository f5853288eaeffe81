using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>What a journal's lanes say in the gpos view, read straight from the records: what tools are compared with.</summary>
internal static class JournalTruth
{
    private const int CommBytes = 15;

    /// <summary>All events.</summary>
    public static SeenTrace Of(ITraceSource source)
    {
        var groups = new Dictionary<int, int>();
        var events = new List<SeenEvent>();
        Dictionary<int, ulong> switchedIn = [];
        foreach (LaneRecord record in Records(source))
        {
            int cpu = CpuOf(source.Manifest, record.Vcpu);
            ulong at = (ulong)((UInt128)record.At.Cycles * 1_000_000_000 / source.Manifest.Clock.CoreHz);
            if (record is LostRecordsRecord)
            {
                switchedIn.Remove(cpu);
                continue;
            }

            if (record.Current.Pid != 0)
            {
                int process = source.Manifest.Guests[record.Vcpu.Guest.Index].ProcessId;
                groups[record.Current.Pid] = process == 0 ? record.Current.Pid : process;
            }

            if (record is SwitchRecord change)
            {
                if (change.Current.Pid != 0 && switchedIn.TryGetValue(cpu, out ulong since))
                {
                    events.Add(new SeenRuntime(cpu, at, change.Current.Pid, Plain(change.Current.Comm), at - since));
                }

                switchedIn[cpu] = at;
            }

            events.AddRange(EventsOf(record, cpu, at));
        }

        return SeenTrace.Of(events, groups);
    }

    private static IEnumerable<LaneRecord> Records(ITraceSource source) => Enumerable.Range(0, source.Manifest.Lanes.Count)
        .SelectMany(lane => source.ReadStream(StreamNames.Lane(lane)).OfType<LaneRecord>())
        .OrderBy(record => record.At.Cycles);

    private static int CpuOf(RunManifest manifest, VcpuId vcpu) => manifest.Guests[vcpu.Guest.Index].FirstLinuxCpu + vcpu.Index;

    private static IEnumerable<SeenEvent> EventsOf(LaneRecord record, int cpu, ulong at)
    {
        int pid = record.Current.Pid;
        switch (record)
        {
            case SwitchRecord change:
                yield return new SeenSwitch(cpu, at, Task(cpu, change.Current), KernelText.State(change.PreviousState), Task(cpu, change.Next));
                break;
            case WakeupRecord wakeup:
                yield return new SeenWakeup(cpu, at, pid, "sched_waking", Task(cpu, wakeup.Task), cpu);
                yield return new SeenWakeup(cpu, at, pid, "sched_wakeup", Task(cpu, wakeup.Task), cpu);
                break;
            case IrqRecord irq: yield return new SeenEvent(cpu, at, pid, irq.IsEntry ? "irq_handler_entry" : "irq_handler_exit"); break;
            case MarkerRecord: yield return new SeenEvent(cpu, at, pid, "print"); break;
            case FunctionHitRecord hit: yield return new SeenEvent(cpu, at, pid, hit.Symbol); break;
            case FunctionReturnRecord back: yield return new SeenEvent(cpu, at, pid, back.Symbol + "_return"); break;
            default: break;
        }
    }

    private static SeenTask Task(int cpu, TaskReference task) => task.Pid == 0
        ? new SeenTask(0, string.Create(CultureInfo.InvariantCulture, $"swapper/{cpu}"), task.Priority)
        : new SeenTask(task.Pid, Plain(task.Comm), task.Priority);

    /// <summary>A name as 15 bytes of printable ASCII hold it.</summary>
    private static string Plain(string comm) => string.Concat(comm.Take(CommBytes).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
