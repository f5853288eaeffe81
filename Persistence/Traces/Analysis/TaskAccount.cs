using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis;

/// <summary>Adds up what one task does on one CPU.</summary>
internal sealed class TaskAccount(int pid)
{
    private Activity _activity;
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

    /// <summary>A wake-up of a task that runs or waits for the CPU changes nothing.</summary>
    public void Wake()
    {
        if (_activity != Activity.Active)
        {
            Begin();
        }
    }

    public void SwitchIn()
    {
        Runs++;
        if (_activity == Activity.Asleep)
        {
            Begin();
        }

        _activity = Activity.Active;
    }

    public void SwitchOut(bool sleeps)
    {
        _activity = sleeps ? Activity.Asleep : Activity.Active;
        if (sleeps && _inJob)
        {
            _jobs++;
            _total += _job;
            _min = Math.Min(_min, _job);
            _max = Math.Max(_max, _job);
            _inJob = false;
        }
    }

    /// <summary>Events were lost: whether it sleeps or works is not known any more.</summary>
    public void Forget()
    {
        _inJob = false;
        _activity = Activity.Unknown;
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
        _activity = Activity.Active;
        _inJob = Pid != 0;
        _job = 0;
    }

    private enum Activity
    {
        Unknown,
        Asleep,
        Active,
    }
}
