using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Divides a core's time between the hypervisor, tasks and idle.</summary>
/// <param name="core">Which.</param>
/// <param name="options">The window.</param>
internal sealed class CoreUse(CoreId core, ReportOptions options)
{
    private const int Idle = 0;

    private readonly Dictionary<VcpuId, int> _tasks = [];
    private VcpuId? _vcpu;
    private bool _inHypervisor;
    private ulong? _since;
    private ulong _observed;
    private ulong _hypervisor;
    private ulong _busy;
    private ulong _idle;

    /// <summary>The first record begins what is known of the core.</summary>
    /// <param name="at">When.</param>
    /// <param name="inHypervisor">Whether the hypervisor runs then.</param>
    public void Begin(ulong at, bool inHypervisor)
    {
        if (_since is null)
        {
            (_since, _inHypervisor) = (at, inHypervisor);
        }
    }

    /// <summary>The hypervisor is entered or left.</summary>
    public void Hypervisor(ulong at, bool entered)
    {
        Charge(at);
        _inHypervisor = entered;
    }

    /// <summary>Another vCPU is put on the core.</summary>
    public void Vcpu(ulong at, VcpuId vcpu)
    {
        Charge(at);
        _vcpu = vcpu;
    }

    /// <summary>A vCPU's task is known.</summary>
    /// <param name="at">Since when.</param>
    /// <param name="vcpu">Whose.</param>
    /// <param name="pid">The task; null where events are missing.</param>
    public void Task(ulong at, VcpuId vcpu, int? pid)
    {
        Charge(at);
        _vcpu ??= vcpu;
        if (pid is { } known)
        {
            _tasks[vcpu] = known;
        }
        else
        {
            _tasks.Remove(vcpu);
        }
    }

    /// <summary>The time up to here belongs to who had the core.</summary>
    public void Charge(ulong at)
    {
        if (_since is not { } since)
        {
            return;
        }

        // A step that encloses a very long one is shown late: time does not go back.
        ulong end = Math.Max(since, Math.Min(at, options.Until));
        ulong time = end - Math.Min(end, Math.Max(since, options.From));
        _observed += time;
        if (_inHypervisor)
        {
            _hypervisor += time;
        }
        else if (_vcpu is { } vcpu && _tasks.TryGetValue(vcpu, out int pid))
        {
            _busy += pid == Idle ? 0 : time;
            _idle += pid == Idle ? time : 0;
        }

        _since = end;
    }

    public CoreReport Report() => new(core, _observed, _hypervisor, _busy, _idle, _observed - _hypervisor - _busy - _idle);
}
