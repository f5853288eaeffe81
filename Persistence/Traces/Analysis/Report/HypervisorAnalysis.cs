using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Computes what a journal tells of the hypervisor and the trace path, in one pass over the board view's records.</summary>
internal sealed class HypervisorAnalysis
{
    private readonly RunManifest _manifest;
    private readonly ReportOptions _options;
    private readonly CoreUse[] _cores;
    private readonly CoreAccount[] _costs;
    private readonly LaneFigures?[] _lanes;
    private readonly TrapFigures _traps;
    private readonly IpiFigures _ipis;
    private bool _any;

    private HypervisorAnalysis(RunManifest manifest, ReportOptions options)
    {
        (_manifest, _options) = (manifest, options);
        _cores = [.. Enumerable.Range(0, manifest.Cores).Select(core => new CoreUse(new CoreId((byte)core), options))];
        _costs = [.. _cores.Select(_ => new CoreAccount())];
        _lanes = [.. manifest.Lanes.Select(lane => lane.Ring < 0 ? null : new LaneFigures())];
        _traps = new TrapFigures([.. manifest.Guests.Select(guest => guest.Name)], options);
        _ipis = new IpiFigures(options);
    }

    /// <summary>Reads a run.</summary>
    /// <returns>What was found; null where the run has no step of a hypervisor.</returns>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static HypervisorReport? Read(ITraceSource source, ReportOptions options)
    {
        var analysis = new HypervisorAnalysis(source.Manifest, options);
        ulong end = 0;
        foreach (MergedRecord record in TraceMerger.Merge(source, TraceView.Board))
        {
            end = source.Manifest.Clock.ToNanoseconds(record.At);
            if (end >= options.Until)
            {
                break;
            }

            analysis.Add(record, end);
        }

        return analysis._any ? analysis.Report(Math.Min(end, options.Until)) : null;
    }

    private void Add(in MergedRecord merged, ulong at)
    {
        CoreUse core = _cores[merged.Cpu];
        core.Begin(at, merged.Record is StepRecord { Step: not StepKind.Trap });
        if (merged.Record is StepRecord step)
        {
            Step(core, step, at);
        }
        else if (merged.Record is LaneRecord record)
        {
            Lane(core, record, merged.Lane, at);
        }
    }

    private void Step(CoreUse core, StepRecord step, ulong at)
    {
        _any = true;
        (ulong start, ulong end) = (Nanoseconds(step.Start), Nanoseconds(step.End));
        if (start >= _options.From)
        {
            _costs[step.Core.Index].Add(step);
        }

        switch (step.Step)
        {
            case StepKind.Trap: core.Hypervisor(at, entered: true); break;
            case StepKind.Resume: core.Hypervisor(at, entered: false); break;
            case StepKind.VcpuSwitch: core.Vcpu(at, step.Vcpu); break;
            default: break;
        }

        _traps.Add(step, start, end);
        _ipis.Add(step, start, end);
    }

    private void Lane(CoreUse core, LaneRecord record, int lane, ulong at)
    {
        int? task = record switch
        {
            LostRecordsRecord => null,
            SwitchRecord change => change.Next.Pid,
            _ => record.Current.Pid,
        };
        core.Task(at, record.Vcpu, task);
        if (record is not LostRecordsRecord && at >= _options.From)
        {
            _lanes[lane]?.Add(record.Cause, at, Nanoseconds(record.BufferedAt));
        }
    }

    private HypervisorReport Report(ulong end)
    {
        foreach (CoreUse core in _cores)
        {
            core.Charge(end);
        }

        return _traps.Complete(new HypervisorReport
        {
            Cores = [.. _cores.Select(core => core.Report())],
            Occupied = Distribution.None,
            Longest = [],
            Traps = [],
            Hypercalls = [],
            Costs = [.. _costs.Select((account, core) => account.Summary(new CoreId((byte)core)))],
            Lanes = [.. _lanes.Select(Lane).OfType<LaneReport>()],
            Ipis = _ipis.Report(),
        });
    }

    private LaneReport? Lane(LaneFigures? figures, int number)
    {
        VcpuId vcpu = _manifest.Lanes[number].Vcpu;
        string guest = vcpu.Guest.Index < _manifest.Guests.Count ? _manifest.Guests[vcpu.Guest.Index].Name : string.Empty;
        return figures is null ? null : new LaneReport(number, guest, vcpu.Index, figures.HitToBuffer());
    }

    private ulong Nanoseconds(VirtualInstant at) => _manifest.Clock.ToNanoseconds(at);
}
