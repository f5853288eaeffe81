using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>The task sh: writes what the scenario, or somebody outside, has written to the profiler's control files, each at its time or when it next gets to run.</summary>
/// <param name="context">The workload guest.</param>
internal sealed class ControllerTask(WorkloadContext context)
{
    /// <summary>The most urgent of the normal priorities, so that a command takes effect promptly.</summary>
    private const int Priority = 100;

    private const int FirstPid = 300;
    private const int PidsOfGuest = 1000;
    private readonly TraceController software = new(context.Scenario.Guests);
    private readonly ControlSchedule? writes = context.Guest.Profiler ? context.Writes : null;
    private int due;
    private int done;
    private IEnumerator<DeviceAccess>? running;
    private Stamp cause;
    private VirtualInstant began;
    private ulong executed;

    /// <summary>When it next gets something to do; Never where nothing is left.</summary>
    public VirtualInstant NextWake => due < writes?.Count ? writes[due].At : VirtualInstant.Never;

    /// <summary>Cycles that must pass before it goes on.</summary>
    public ulong Waiting { get; private set; }

    /// <summary>The device access to make now; null for none.</summary>
    public DeviceAccess? Access { get; private set; }

    /// <summary>Who it is: sh, with the first pid that no task of a workload and no other guest's range has.</summary>
    public static TaskReference Choose(Scenario scenario)
    {
        HashSet<int> taken = [.. scenario.Guests.SelectMany(g => g.Workload?.Tasks.Select(t => t.Pid) ?? [])];
        taken.UnionWith(scenario.Guests.SelectMany(g => g.Workload?.Bursts.Select(b => b.Pid) ?? []));
        int pid = FirstPid;
        while (taken.Contains(pid) || scenario.Guests.Any(g => g.PidBase > 0 && pid >= g.PidBase && pid < g.PidBase + PidsOfGuest))
        {
            pid++;
        }

        return new TaskReference(pid, "sh", Priority);
    }

    /// <summary>Takes the writes that are due; true where there are new ones.</summary>
    public bool Wake(VirtualInstant now)
    {
        int before = due;
        while (NextWake <= now)
        {
            due++;
        }

        return due > before;
    }

    /// <summary>Goes on with its work.</summary>
    /// <param name="now">The time.</param>
    /// <returns>False where nothing is left to do.</returns>
    public bool MoveNext(VirtualInstant now)
    {
        Access = null;
        if (running is null)
        {
            return Begin(now);
        }

        if (running.MoveNext())
        {
            Access = running.Current;
            return true;
        }

        Conclude(now);
        return Begin(now);
    }

    /// <summary>Time has passed while it rested in its work.</summary>
    public void Waited(ulong cycles)
    {
        executed += Math.Min(cycles, Waiting);
        Waiting -= Math.Min(cycles, Waiting);
    }

    /// <summary>It has executed machine code: of the switch to it, or of a device access.</summary>
    /// <param name="cycles">How long.</param>
    /// <param name="loaded">What a load returned.</param>
    public void Executed(ulong cycles, uint? loaded)
    {
        executed += cycles;
        if (loaded is { } value)
        {
            software.Loaded = value;
        }
    }

    private bool Begin(VirtualInstant now)
    {
        if (done == due)
        {
            return false;
        }

        ControlWrite write = writes![done];
        cause = new Stamp(write.At, SourceId.Outside, (ulong)done);
        began = new VirtualInstant(now.Cycles - executed);
        Waiting = context.Costs.ControllerWrite;
        running = software.Write(write.File, write.Value).GetEnumerator();
        return true;
    }

    /// <summary>Records the write, and what it took of the CPU's time without the hypervisor's part.</summary>
    private void Conclude(VirtualInstant now)
    {
        ControlWrite write = writes![done];
        context.Sink.Step(new StepRecord(
            cause, StepKind.Command, CostCategory.TraceController, began, began + executed, context.Core, context.Vcpu, 0, (ulong)done, 0));
        context.Sink.Control(new ControlRecord(cause, now, write.File, write.Value, software.Status));
        running!.Dispose();
        running = null;
        executed = 0;
        done++;
    }
}
