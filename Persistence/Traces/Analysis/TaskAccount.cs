using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis;

/// <summary>Adds up what one task does on one CPU.</summary>
internal sealed class TaskAccount(int pid)
{
    private readonly JobTracker _tracker = new();
    private ulong _jobs;
    private UInt128 _total;
    private ulong _min = ulong.MaxValue;
    private ulong _max;

    public int Pid { get; } = pid;

    public string Comm { get; set; } = string.Empty;

    public ulong Runs { get; private set; }

    public ulong Cycles { get; private set; }

    public void Charge(ulong cycles) => Cycles += cycles;

    public void Wake(VirtualInstant at) => _tracker.Wake(at.Cycles);

    public void SwitchIn(VirtualInstant at)
    {
        Runs++;
        _tracker.SwitchIn(at.Cycles);
    }

    /// <summary>The idle task has no jobs, whatever its state.</summary>
    public void SwitchOut(VirtualInstant at, uint previousState)
    {
        if (_tracker.SwitchOut(at.Cycles, previousState) is { } job && Pid != 0)
        {
            _jobs++;
            _total += job.Execution;
            _min = Math.Min(_min, job.Execution);
            _max = Math.Max(_max, job.Execution);
        }
    }

    /// <summary>Events were lost: whether it sleeps or works is not known any more.</summary>
    public void Forget() => _tracker.Forget();

    public TaskSummary Summary(int cpu, ulong observed, ClockRates clock)
    {
        double share = observed == 0 ? 0 : (double)Cycles / observed;
        return _jobs == 0
            ? new TaskSummary(cpu, Pid, Comm, Runs, Cycles, share, 0, 0, 0, 0)
            : new TaskSummary(cpu, Pid, Comm, Runs, Cycles, share, _jobs, Time(_min), Time((ulong)(_total / _jobs)), Time(_max));

        ulong Time(ulong cycles) => clock.ToNanoseconds(new VirtualInstant(cycles));
    }
}
