using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>Compares a traced run with the untraced run of the same inputs.</summary>
/// <param name="untraced">The untraced twin.</param>
/// <param name="deadlines">Longest response in cycles by a task's name or pid.</param>
public sealed class TwinComparer(TwinRun untraced, IReadOnlyDictionary<string, ulong> deadlines)
{
    /// <summary>What a traced twin changed.</summary>
    public VariantShift Compare(TwinRun traced)
    {
        ArgumentNullException.ThrowIfNull(traced);
        List<GuestShift> guests = [.. untraced.Observed.Zip(traced.Observed, (off, on) => Guest(off, on, SameWork.Latest(untraced, traced, off, on)))];
        IReadOnlyList<LaneManifest> lanes = untraced.Source.Manifest.Lanes;
        guests.AddRange(Enumerable.Range(0, lanes.Count).Where(lane => lanes[lane].Ring < 0)
            .Select(lane => Guest(GuestHistory.OfLane(untraced.Source, lane), GuestHistory.OfLane(traced.Source, lane), null)));
        return new VariantShift(
            traced.Name, traced.Hash, guests, [.. Enumerable.Range(0, untraced.Cores.Count).Select(core => Core(traced, core))],
            [.. Enumerable.Range(0, untraced.Cores.Count).Select(core => OverheadOf(traced, core)).OfType<Overhead>()],
            [.. traced.Source.ReadStream(StreamNames.Control).OfType<ProbeCountsRecord>()]);
    }

    private GuestShift Guest(GuestHistory off, GuestHistory on, SameWork? work)
    {
        TaskShift[] tasks = [.. off.Tasks.Join(on.Tasks, task => task.Pid, task => task.Pid, (first, second) => TaskShift.Compare(first, second, DeadlineOf(second)))];
        HashSet<int> known = [.. off.Tasks.Select(task => task.Pid)];
        return new GuestShift(
            on.Guest, on.Vcpu, tasks, [.. on.Tasks.Where(task => !known.Contains(task.Pid)).Select(task => task.Comm)], SwitchOrder.Compare(off, on), work);
    }

    private ulong? DeadlineOf(TaskHistory task) =>
        deadlines.TryGetValue(task.Comm, out ulong byName) ? byName
        : deadlines.TryGetValue(task.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), out ulong byPid) ? byPid : null;

    private CoreShift Core(TwinRun traced, int core)
    {
        CoreId id = new((byte)core);
        CycleAccount off = CycleAccount.Of(untraced.Source, id, untraced.Cores[core]);
        CycleAccount on = CycleAccount.Of(traced.Source, id, traced.Cores[core]);
        return new CoreShift(id, off, on, CauseShift.Compare(off, on));
    }

    private static Overhead? OverheadOf(TwinRun traced, int core)
    {
        CoreId id = new((byte)core);
        IReadOnlyList<HitCosts> costs = HitCosts.Of(traced.Source, id);
        ulong armed = traced.Source.ReadStream(StreamNames.Core(core)).OfType<StepRecord>()
            .Where(step => step.Step == StepKind.Install && step.Detail2 != ulong.MaxValue)
            .DistinctBy(step => step.Detail).Select(step => step.End.Cycles).DefaultIfEmpty().Max();
        return armed == 0 ? null : new Overhead(id, traced.Cores[core].At.Cycles - armed, costs, traced.Source.Manifest.Clock.CoreHz);
    }
}
