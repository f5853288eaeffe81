using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis;

/// <summary>Adds up what one task does on one CPU.</summary>
internal sealed class TaskAccount(int pid)
{
    private bool _asleep;
    private bool _inJob;
    private ulong _job;
    private ulong _jobs;
    private UInt128 _total;
    private ulong _min = ulong.MaxValue;
    private ulong _max;

    public int Pid { get; } = pid;

    public string Comm { get; set; } = string.Empty;

    public ulong Runs { get; private set; }

    public ulong Cycles { get; private set; }

    public void Charge(ulong cycles)
    {
        Cycles += cycles;
        _job += cycles;
    }

    /// <summary>A wake-up of a task that already runs or waits changes nothing.</summary>
    public void Wake()
    {
        if (_inJob || (Runs > 0 && !_asleep))
        {
            return;
        }

        Begin();
    }

    public void SwitchIn()
    {
        Runs++;
        if (_asleep && !_inJob)
        {
            Begin();
        }
    }

    public void SwitchOut(bool sleeps)
    {
        if (!sleeps || Pid == 0)
        {
            return;
        }

        if (_inJob)
        {
            _jobs++;
            _total += _job;
            _min = Math.Min(_min, _job);
            _max = Math.Max(_max, _job);
        }

        _inJob = false;
        _asleep = true;
    }

    /// <summary>Events were lost: whether it sleeps or works is not known any more.</summary>
    public void Forget()
    {
        _inJob = false;
        _asleep = false;
    }

    public TaskSummary Summary(int cpu, ulong observed, ClockRates clock)
    {
        double share = observed == 0 ? 0 : (double)Cycles / observed;
        return _jobs == 0
            ? new TaskSummary(cpu, Pid, Comm, Runs, Cycles, share, 0, 0, 0, 0)
            : new TaskSummary(cpu, Pid, Comm, Runs, Cycles, share, _jobs, Time(_min), Time((ulong)(_total / _jobs)), Time(_max));

        ulong Time(ulong cycles) => clock.ToNanoseconds(new VirtualInstant(cycles));
    }

    private void Begin()
    {
        _asleep = false;
        _inJob = true;
        _job = 0;
    }
}
