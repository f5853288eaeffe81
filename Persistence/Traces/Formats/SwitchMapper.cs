using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats;

/// <summary>Context switches: sched_switch, and what Linux tells around one but a hypervisor cannot see.</summary>
/// <remarks>
/// Before the switch stands sched_stat_runtime of the task that leaves. Around the time of the idle task stands cpu_idle; an imported
/// trace has its own.
/// </remarks>
internal sealed class SwitchMapper(EventSender sender, int cpus, bool derivesIdle)
{
    // default_idle_call of the kernel: the state of a CPU without idle states of its own.
    private const ulong DefaultIdle = 1;

    private readonly ulong?[] _switchedIn = new ulong?[cpus];

    /// <summary>Maps a switch.</summary>
    /// <param name="cpu">CPU of the view.</param>
    /// <param name="at">Nanoseconds.</param>
    /// <param name="vcpu">Whose task leaves.</param>
    /// <param name="previous">The task that leaves.</param>
    /// <param name="state">Its prev_state.</param>
    /// <param name="next">The task that comes.</param>
    public void Switch(int cpu, ulong at, VcpuId vcpu, TaskReference previous, uint state, TaskReference next)
    {
        if (previous.Pid == 0)
        {
            Idle(cpu, at, vcpu, previous, CpuIdleRecord.Exit);
        }
        else if (_switchedIn[cpu] is { } start)
        {
            TraceEvent runtime = sender.Begin(EventCatalogue.SchedStatRuntime, cpu, at, vcpu, previous) with { Text0 = previous.Comm };
            sender.Send(runtime, [(ulong)previous.Pid, at - start]);
        }

        _switchedIn[cpu] = at;
        TraceEvent change = sender.Begin(EventCatalogue.SchedSwitch, cpu, at, vcpu, previous) with
        {
            Text0 = sender.Name(cpu, previous),
            Text1 = sender.Name(cpu, next),
        };
        sender.Send(change, [(ulong)previous.Pid, (ulong)previous.Priority, state, (ulong)next.Pid, (ulong)next.Priority]);
        if (next.Pid == 0)
        {
            Idle(cpu, at, vcpu, next, DefaultIdle);
        }
    }

    /// <summary>It is not known any more which task runs on a CPU.</summary>
    public void Forget(int cpu) => _switchedIn[cpu] = null;

    private void Idle(int cpu, ulong at, VcpuId vcpu, TaskReference idle, ulong state)
    {
        if (derivesIdle)
        {
            sender.Send(sender.Begin(EventCatalogue.CpuIdle, cpu, at, vcpu, idle), [state, (ulong)cpu]);
        }
    }
}
