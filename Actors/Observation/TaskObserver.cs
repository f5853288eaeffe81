using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Profiles;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Observation;

/// <summary>
/// Sees the tasks of a vCPU from outside the simulation: told of each arrival at a place that the guest's kernel profile names, it
/// reads the tasks out of guest memory as a probe there would. No probe is there, nothing is charged or recorded, nothing changes: so
/// it tells the same of a run that is traced and of one that is not.
/// </summary>
public sealed class TaskObserver
{
    private readonly CoreLease core;
    private readonly GuestLease guest;
    private readonly CompiledProfile profile;
    private readonly HashSet<uint> switches;
    private readonly GuestReader reader = new();
    private readonly ReadySetTracker tracker = new();
    private readonly TaskNumbers numbers = new();

    private TaskObserver(CoreLease core, GuestLease guest, VcpuLease vcpu, CompiledProfile profile)
    {
        this.core = core;
        this.guest = guest;
        this.profile = profile;
        History = new GuestHistory(guest.Spec.Name, vcpu.Id, core.Id);
        BoundProbe[] places = [.. profile.ProbeSets.SelectMany(set => set.Probes).Where(IsWatched)];
        switches = [.. places.Where(p => p.Kind == ProbePointKind.Switch).Select(p => p.Address.Value)];
        vcpu.Context.Watch = new CodeWatch(places.Select(p => p.Address.Value).Distinct(), Reached);
    }

    /// <summary>What it has seen.</summary>
    public GuestHistory History { get; }

    /// <summary>Watches a vCPU from the beginning of a run on.</summary>
    /// <returns>Null where its tasks are modelled, or its kernel has no profile: then there is nothing to read.</returns>
    internal static TaskObserver? Attach(CoreLease core, GuestLease guest, VcpuLease vcpu) =>
        guest.Spec.Workload is null && guest.Spec.Profile is { } profile ? new TaskObserver(core, guest, vcpu, profile) : null;

    private static bool IsWatched(BoundProbe probe) =>
        probe.Moment == ProbeMoment.Entry && probe.Kind is ProbePointKind.Switch or ProbePointKind.ReadySet;

    private void Reached(Core cpu)
    {
        reader.Begin(core, guest);
        CoreReading at = new(cpu.Now, cpu.Instructions, cpu.IdleCycles, cpu.DeviceCycles);
        bool changes = TryReadSwitch(cpu, out TaskSnapshot previous, out TaskSnapshot next) && previous.Tcb != next.Tcb;
        ReadWoken(at);
        if (changes && TryMap(previous, out TaskReference leaves) && TryMap(next, out TaskReference comes))
        {
            History.Switch(at, leaves, previous.State, comes);
        }
    }

    private bool TryReadSwitch(Core cpu, out TaskSnapshot previous, out TaskSnapshot next)
    {
        (previous, next) = (default, default);
        if (!switches.Contains(cpu[15]))
        {
            return false;
        }

        if (profile.HasNext)
        {
            return profile.TryReadSwitch(reader, out previous, out next);
        }

        bool readable = profile.TryReadComing(reader, out next);
        return tracker.Comes(History.Vcpu, readable ? next.Tcb : null) is { } before && readable && profile.TryReadTask(reader, before, out previous);
    }

    private void ReadWoken(CoreReading at)
    {
        if (!profile.TryReadReadySet(reader, out ReadySet present))
        {
            return;
        }

        foreach (uint member in tracker.Woken(present).Members)
        {
            if (profile.TryReadReadyTask(reader, member, out TaskSnapshot task) && TryMap(task, out TaskReference woken))
            {
                History.Wake(at.At, woken);
            }
        }

        tracker.Accept(present);
    }

    private bool TryMap(TaskSnapshot task, out TaskReference mapped) => LinuxTask.TryMap(guest.Spec, History.Vcpu, numbers, task, out mapped);
}
