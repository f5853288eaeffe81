using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Timer;

/// <summary>The generic timers of one core (ARM DDI 0406 B8): counters that never stop and three compare units.</summary>
/// <param name="rates">The board's clocks; the timers' is not faster than the core's.</param>
public sealed class GenericTimers(ClockRates rates)
{
    /// <summary>What of CNTKCTL can be written: access bits, event stream (ARM DDI 0406 B4.1.26).</summary>
    private const uint KernelControlMask = 0x3FF;

    /// <summary>CNTP: the physical timer.</summary>
    public TimerComparator Physical { get; } = new();

    /// <summary>CNTV: the virtual timer.</summary>
    public TimerComparator Virtual { get; } = new();

    /// <summary>CNTHP: the hypervisor's timer.</summary>
    public TimerComparator Hypervisor { get; } = new();

    /// <summary>CNTVOFF: what the virtual count is behind the physical one.</summary>
    public ulong VirtualOffset { get; set; }

    /// <summary>CNTKCTL: stored; the access controls do not act on PL1.</summary>
    public uint KernelControl { get; set; }

    /// <summary>CNTPCT.</summary>
    public ulong PhysicalCount(VirtualInstant now) => rates.CountAt(now);

    /// <summary>CNTVCT.</summary>
    public ulong VirtualCount(VirtualInstant now) => rates.CountAt(now) - VirtualOffset;

    /// <summary>Reads a register; 32-bit ones zero-extended.</summary>
    public ulong Read(TimerRegister register, VirtualInstant now) => register switch
    {
        TimerRegister.Frequency => (uint)rates.TimerHz,
        TimerRegister.PhysicalCount => PhysicalCount(now),
        TimerRegister.VirtualCount => VirtualCount(now),
        TimerRegister.KernelControl => KernelControl,
        TimerRegister.PhysicalTimerValue => Physical.ReadTimerValue(PhysicalCount(now)),
        TimerRegister.PhysicalControl => Physical.ReadControl(PhysicalCount(now)),
        TimerRegister.PhysicalCompare => Physical.Compare,
        TimerRegister.VirtualTimerValue => Virtual.ReadTimerValue(VirtualCount(now)),
        TimerRegister.VirtualControl => Virtual.ReadControl(VirtualCount(now)),
        TimerRegister.VirtualCompare => Virtual.Compare,
        _ => throw new ArgumentOutOfRangeException(nameof(register), register, "No such timer register."),
    };

    /// <summary>Writes a register; the counters and CNTFRQ do not take it.</summary>
    public void Write(TimerRegister register, ulong value, VirtualInstant now)
    {
        switch (register)
        {
            case TimerRegister.Frequency or TimerRegister.PhysicalCount or TimerRegister.VirtualCount:
                break;
            case TimerRegister.KernelControl:
                KernelControl = (uint)value & KernelControlMask;
                break;
            case TimerRegister.PhysicalTimerValue:
                Physical.WriteTimerValue((uint)value, PhysicalCount(now));
                break;
            case TimerRegister.PhysicalControl:
                Physical.ControlBits = (uint)value;
                break;
            case TimerRegister.PhysicalCompare:
                Physical.Compare = value;
                break;
            case TimerRegister.VirtualTimerValue:
                Virtual.WriteTimerValue((uint)value, VirtualCount(now));
                break;
            case TimerRegister.VirtualControl:
                Virtual.ControlBits = (uint)value;
                break;
            case TimerRegister.VirtualCompare:
                Virtual.Compare = value;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(register), register, "No such timer register.");
        }
    }

    /// <summary>Sets CNTHP to the first count that is reached at an instant or after it; Never switches it off.</summary>
    public void SetHypervisor(VirtualInstant due)
    {
        Hypervisor.ControlBits = due == VirtualInstant.Never ? 0U : 1U;
        ulong count = rates.CountAt(due);
        Hypervisor.Compare = rates.FirstInstantOf(count) < due ? count + 1 : count;
    }

    /// <summary>The first instant after now at which an output changes by itself; Never if none does.</summary>
    public VirtualInstant NextChange(VirtualInstant now)
    {
        ulong count = PhysicalCount(now);
        VirtualInstant first = Physical.NextChange(count, 0, rates);
        first = VirtualInstant.Min(first, Virtual.NextChange(count, VirtualOffset, rates));
        return VirtualInstant.Min(first, Hypervisor.NextChange(count, 0, rates));
    }
}
