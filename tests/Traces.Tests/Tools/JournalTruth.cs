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

            events.AddRange(EventsOf(record, cpu, at, source.Manifest.ImportedFrom is null));
        }

        return SeenTrace.Of(events, groups);
    }

    private static IEnumerable<LaneRecord> Records(ITraceSource source) => Enumerable.Range(0, source.Manifest.Lanes.Count)
        .SelectMany(lane => source.ReadStream(StreamNames.Lane(lane)).OfType<LaneRecord>())
        .OrderBy(record => record.At.Cycles);

    private static int CpuOf(RunManifest manifest, VcpuId vcpu) => manifest.Guests[vcpu.Guest.Index].FirstLinuxCpu + vcpu.Index;

    /// <summary>A run of the simulation is idle while the idle task runs; an imported one has records of its own for that.</summary>
    private static IEnumerable<SeenEvent> EventsOf(LaneRecord record, int cpu, ulong at, bool simulated)
    {
        int pid = record.Current.Pid;
        switch (record)
        {
            case SwitchRecord change:
                var seen = new SeenSwitch(cpu, at, Task(cpu, change.Current), KernelText.State(change.PreviousState), Task(cpu, change.Next));
                SeenEvent[] leaves = simulated && pid == 0 ? [Idle(cpu, at, uint.MaxValue)] : [];
                SeenEvent[] comes = simulated && change.Next.Pid == 0 ? [Idle(cpu, at, 1)] : [];
                return [.. leaves, seen, .. comes];
            case WakeupRecord wakeup:
                return ((string[])["sched_waking", "sched_wakeup"]).Select(name => new SeenWakeup(cpu, at, pid, name, Task(cpu, wakeup.Task), wakeup.TargetCpu ?? cpu));
            case CpuIdleRecord idle: return [Idle(cpu, at, idle.State)];
            case IrqRecord { IsEntry: true } irq: return [new SeenEvent(cpu, at, pid, "irq_handler_entry", $"irq={irq.Irq} name={irq.Name}")];
            case IrqRecord irq: return [new SeenEvent(cpu, at, pid, "irq_handler_exit", $"irq={irq.Irq} handled")];
            case SoftirqRecord softirq: return [new SeenEvent(cpu, at, pid, "softirq_" + Phase(softirq.Phase), $"vec={softirq.Vector}")];
            case IpiRecord ipi:
                string targets = ipi.Phase == InterruptPhase.Raise ? $"targets={ipi.Targets:x} " : "";
                return [new SeenEvent(cpu, at, pid, "ipi_" + Phase(ipi.Phase), $"{targets}reason={ipi.Reason}")];
            case MarkerRecord: return [new SeenEvent(cpu, at, pid, "print")];
            case FunctionHitRecord hit:
                return [new SeenEvent(cpu, at, pid, hit.Symbol, $"pc={hit.Pc:x} caller={hit.Caller:x} sp={hit.StackPointer:x}")];
            case FunctionReturnRecord back: return [new SeenEvent(cpu, at, pid, back.Symbol + "_return")];
            case ForeignRecord foreign: return [new SeenEvent(cpu, at, pid, foreign.Name, foreign.Text)];
            default: return [];
        }
    }

    private static SeenEvent Idle(int cpu, ulong at, uint state) => new(cpu, at, 0, "cpu_idle", $"state={state} cpu_id={cpu}");

    private static string Phase(InterruptPhase phase) => phase.ToString().ToLowerInvariant();

    private static SeenTask Task(int cpu, TaskReference task) => task.Pid == 0
        ? new SeenTask(0, string.Create(CultureInfo.InvariantCulture, $"swapper/{cpu}"), task.Priority)
        : new SeenTask(task.Pid, Plain(task.Comm), task.Priority);

    /// <summary>A name as 15 bytes of printable ASCII hold it.</summary>
    private static string Plain(string comm) => string.Concat(comm.Take(CommBytes).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
