using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Hypercalls;

/// <summary>
/// The hypercalls that guests make themselves: PSCI 0.2 by HVC #0, and those of K-Hypervisor guests, which have no arguments.
/// All others answer NOT_SUPPORTED. Every argument is the guest's and is checked.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class HypercallsState(CoreId core) : IPart
{
    private const uint PsciImmediate = 0;
    private const uint Yield = 0xFFFD;
    private const uint Ping = 0xFFFE;
    private const uint Stay = 0xFFFF;
    private const uint Psci02 = 0x0000_0002;
    private const uint NoTrustedOs = 2;

    /// <summary>power_state: state id (15:0), type (16), level (25:24), the rest reserved (DEN 0022, 5.4.2). Only level 0, the vCPU itself, is offered.</summary>
    private const uint PowerStateRefused = 0xFFFE_0000;

    private const uint HighestAffinityLevel = 3;
    private const uint AffinityMask = 0x00FF_FFFF;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Hypercalls, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        if (message is not DoWork { Work: HypercallWork call } work)
        {
            throw new ProtocolViolationException(Address, "waiting", message);
        }

        CoreLease lease = work.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A hypercall without a guest.");
        uint immediate = call.Exit.Iss & 0xFFFF;
        VirtualInstant at = lease.Charge(
            call.Cause, StepKind.Hypercall, CostCategory.Hypercall, work.At, lease.Costs.Hypercall, call.Exit.Pc.Value, immediate);
        lease.Core.AdvanceTo(at);
        List<HypervisorWork> followUp = [];
        switch (immediate)
        {
            case PsciImmediate:
                Psci(call.Cause, lease, guest, followUp, outbox);
                break;
            case Yield:
                lease.Core.CompleteEmulated(null);
                followUp.Add(new YieldWork(call.Cause));
                break;
            case Ping or Stay:
                lease.Core.CompleteEmulated(null);
                break;
            default:
                Return(lease, unchecked((uint)PsciResult.NotSupported));
                break;
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(lease.Core.Now, lease, null, followUp));
    }

    private static void Return(CoreLease lease, uint result)
    {
        lease.Core[0] = result;
        lease.Core.CompleteEmulated(null);
    }

    private void Psci(Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        (uint first, uint second) = (lease.Core[1], lease.Core[2]);
        switch ((PsciFunction)lease.Core[0])
        {
            case PsciFunction.Version:
                Return(lease, Psci02);
                break;
            case PsciFunction.MigrateInfoType:
                Return(lease, NoTrustedOs);
                break;
            case PsciFunction.AffinityInfo:
                Return(lease, AffinityInfo(guest, first, second));
                break;
            case PsciFunction.CpuOn:
                CpuOn(cause, lease, guest, followUp, outbox);
                break;
            case PsciFunction.CpuSuspend when (first & PowerStateRefused) != 0:
                Return(lease, unchecked((uint)PsciResult.InvalidParameters));
                break;
            case PsciFunction.CpuSuspend:
                Return(lease, (uint)PsciResult.Success);
                followUp.Add(new WaitWork(cause));
                break;
            case PsciFunction.CpuOff:
                guest.Present.Power = VcpuPower.Off;
                lease.Recorder.GuestState(new GuestStateRecord(cause, lease.Core.Now, guest.Vcpu.Id, "stopped", "CPU_OFF"));
                break;
            case PsciFunction.SystemOff:
                Stop(cause, lease, guest, "SYSTEM_OFF", followUp, outbox);
                break;
            case PsciFunction.SystemReset:
                Stop(cause, lease, guest, "SYSTEM_RESET: a guest is not started anew", followUp, outbox);
                break;
            default:
                Return(lease, unchecked((uint)PsciResult.NotSupported));
                break;
        }
    }

    /// <summary>0 on, 1 off, 2 on its way; of a level above the vCPUs: on where one of them is.</summary>
    private static uint AffinityInfo(GuestLease guest, uint target, uint level)
    {
        if (level > HighestAffinityLevel || (target & ~AffinityMask) != 0)
        {
            return unchecked((uint)PsciResult.InvalidParameters);
        }

        uint ignored = (1u << (8 * (int)level)) - 1;
        VcpuLease[] meant = [.. guest.Vcpus.Where(v => ((v.Context.Cp15.Mpidr ^ target) & AffinityMask & ~ignored) == 0)];
        return meant.Length == 0 ? unchecked((uint)PsciResult.InvalidParameters) : (uint)meant.Min(v => v.Power);
    }

    /// <summary>The target's own core starts it; until it has, the target is on its way.</summary>
    private void CpuOn(Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        uint target = lease.Core[1];
        VcpuLease? meant = guest.Vcpus.FirstOrDefault(v => (v.Context.Cp15.Mpidr & AffinityMask) == target);
        PsciResult result = meant?.Power switch
        {
            null => PsciResult.InvalidParameters,
            VcpuPower.On => PsciResult.AlreadyOn,
            VcpuPower.OnPending => PsciResult.OnPending,
            _ => PsciResult.Success,
        };
        StartVcpuRequest? request = null;
        if (result == PsciResult.Success)
        {
            meant!.Power = VcpuPower.OnPending;
            request = new StartVcpuRequest(meant.Id, lease.Core[2], lease.Core[3]);
        }

        Return(lease, unchecked((uint)result));
        if (request is not null)
        {
            Ask(request, meant!.Core, cause, lease, followUp, outbox);
        }
    }

    /// <summary>The guest is over: each core takes its vCPUs of the guest out of turn.</summary>
    private void Stop(Stamp cause, CoreLease lease, GuestLease guest, string reason, List<HypervisorWork> followUp, IOutbox outbox)
    {
        guest.Present.Power = VcpuPower.Off;
        lease.Recorder.GuestState(new GuestStateRecord(cause, lease.Core.Now, guest.Vcpu.Id, "stopped", reason));
        foreach (CoreId target in guest.Vcpus.Select(v => v.Core).Distinct())
        {
            Ask(new StopGuestRequest(guest.Id), target, cause, lease, followUp, outbox);
        }
    }

    private void Ask(MailboxItem request, CoreId target, Stamp cause, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        if (target == core)
        {
            followUp.Add(new MailboxWork(cause, request));
            return;
        }

        VirtualInstant at = lease.Charge(
            cause, StepKind.SgiSend, CostCategory.SgiSend, lease.Core.Now, lease.Costs.SgiSend, 0, InterruptNumbers.Mailbox, target.Index);
        lease.Core.AdvanceTo(at);
        lease.SendAcross(at, cause, target, new SgiSignal(InterruptNumbers.Mailbox, request), outbox);
    }
}
