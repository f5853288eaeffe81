using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Simulation;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Service.Chains;

/// <summary>Where the resources of a core are while a chain goes on there, and by which messages they come to the next service.</summary>
/// <param name="core">The core.</param>
internal sealed class CorePath(int core)
{
    private const ulong ControlDeviceSize = 0x1000;

    // Exception classes of the HSR (Arm ARM DDI 0406C, B3.13.6): CP15 by MCR/MRC and by MCRR/MRRC; the timers are in c14.
    private const int Coprocessor15 = 0x03;
    private const int Coprocessor15Double = 0x04;
    private const ulong TimerRegisters = 14;

    // Who does what, where one service alone does it.
    private static readonly Dictionary<StepKind, Role> Doers = new()
    {
        [StepKind.Extraction] = Role.Extraction,
        [StepKind.RingWrite] = Role.Extraction,
        [StepKind.Injection] = Role.Injection,
        [StepKind.VcpuSwitch] = Role.Scheduler,
        [StepKind.Install] = Role.Instrumentation,
        [StepKind.Remove] = Role.Instrumentation,
        [StepKind.Hypercall] = Role.Hypercalls,
        [StepKind.GuestFault] = Role.VirtualDevices,
        [StepKind.Command] = Role.TraceControl,
    };

    private bool _first;
    private bool _announced;

    /// <summary>Which core.</summary>
    public int Core { get; } = core;

    /// <summary>Who has the resources.</summary>
    public Role At { get; private set; } = Role.Router;

    /// <summary>The last step that a service did; null before the first.</summary>
    public StepRecord? Last { get; private set; }

    /// <summary>The service that does a step.</summary>
    public static Role DoerOf(StepRecord step) => step.Step switch
    {
        StepKind.Mmio => step.Detail < ControlDeviceSize ? Role.TraceControl : Role.VirtualDevices,
        StepKind.SystemRegister => IsTimer(step.Detail) ? Role.VirtualTimers : Role.Instrumentation,
        _ => Doers.GetValueOrDefault(step.Step, Role.Router),
    };

    /// <summary>The service that sends an interrupt to another core.</summary>
    public Role SenderOf(StepRecord step) => At switch
    {
        // After a record the injection announces it.
        Role.Extraction or Role.Router => step.Category == CostCategory.SgiSend ? Role.Injection : Role.Router,
        _ => At,
    };

    /// <summary>A guest was left.</summary>
    public void Enter() => (At, _first, _announced) = (Role.Router, true, false);

    /// <summary>The guest goes on.</summary>
    public void Leave() => (At, _first, _announced) = (Role.Router, false, false);

    /// <summary>The router did something by itself: after an interrupt all is work, not the trap.</summary>
    public void Route(StepRecord step) => _first &= step.Step == StepKind.Route;

    /// <summary>The messages by which the resources come to a service.</summary>
    public IReadOnlyList<(Role From, Role To, string Message)> Go(Role to, StepRecord step)
    {
        var way = new List<(Role From, Role To, string Message)>();
        Last = step;
        if (to == At && !(to == Role.Extraction && step.Step == StepKind.Extraction))
        {
            return way;
        }

        if (At == Role.Extraction && to == Role.Injection)
        {
            Move(way, to, nameof(AnnounceRecord));
            _announced = true;
            return way;
        }

        Return(way, to);
        if (to == Role.Router || to == At)
        {
            return way;
        }

        if (At == Role.Instrumentation && to == Role.Extraction)
        {
            Move(way, to, nameof(ExtractHit));
            return way;
        }

        if (_first)
        {
            Move(way, FirstOf(to), nameof(HandleTrap));
            _first = false;
            if (to == Role.Extraction)
            {
                Move(way, to, nameof(ExtractHit));
                return way;
            }

            if (At == to)
            {
                return way;
            }

            Move(way, Role.Router, nameof(ServiceDone));
        }

        Move(way, to, nameof(DoWork));
        return way;
    }

    /// <summary>The services that have the resources give them back.</summary>
    private void Return(List<(Role From, Role To, string Message)> way, Role to)
    {
        if (At == Role.Extraction)
        {
            Move(way, Role.Instrumentation, nameof(HitExtracted));
        }
        else if (At == Role.Injection && _announced)
        {
            Move(way, Role.Instrumentation, nameof(Announced));
            _announced = false;
        }

        if (At != Role.Router && At != to && !(At == Role.Instrumentation && to == Role.Extraction))
        {
            Move(way, Role.Router, nameof(ServiceDone));
        }
    }

    /// <summary>Whom the router hands a trap to that in the end another service does: a probe's hypercall, the control device.</summary>
    private static Role FirstOf(Role doer) => doer switch
    {
        Role.Extraction or Role.Hypercalls => Role.Instrumentation,
        Role.TraceControl or Role.Injection => Role.VirtualDevices,
        _ => doer,
    };

    private void Move(List<(Role From, Role To, string Message)> way, Role to, string message)
    {
        way.Add((At, to, message));
        At = to;
    }

    private static bool IsTimer(ulong syndrome) => (int)(syndrome >> 26) switch
    {
        Coprocessor15 => ((syndrome >> 10) & 0xF) == TimerRegisters,
        Coprocessor15Double => ((syndrome >> 1) & 0xF) == TimerRegisters,
        _ => false,
    };
}
