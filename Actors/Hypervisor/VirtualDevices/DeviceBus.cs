using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>The devices that a trapped instruction reaches: the guest's emulated interrupt controller, its UART, its flash.</summary>
/// <param name="cause">What began the chain.</param>
/// <param name="lease">The core's resources.</param>
/// <param name="guest">The guest on the core.</param>
/// <param name="completes">When the instruction completes.</param>
internal sealed class DeviceBus(Stamp cause, CoreLease lease, GuestLease guest, VirtualInstant completes)
{
    private const uint DeviceSize = 0x1000;
    private readonly List<HypervisorWork> followUp = [];
    private readonly PlatformMap map = new(guest.Spec.Platform);

    /// <summary>What other services have to do because of it, in order.</summary>
    public IReadOnlyList<HypervisorWork> FollowUp => followUp;

    /// <summary>Makes an access.</summary>
    /// <param name="address">Where.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="write">A store; else a load.</param>
    /// <param name="value">What is stored, or receives what is loaded.</param>
    /// <returns>False where no device answers.</returns>
    public bool TryAccess(Ipa address, int size, bool write, ref uint value)
    {
        uint offset = (uint)(address.Value % DeviceSize);
        if (map.IsDistributor(address))
        {
            Distributor(guest.Distributor!, offset, size, write, ref value);
        }
        else if (map.IsInterface(address) && !lease.Scenario.Board.VirtualInterface)
        {
            return TryInterface(new Pa(ArndaleMap.VirtualCpuInterface.Value + (address.Value - guest.Spec.Platform.CpuInterface.Value)), size, write, ref value);
        }
        else if (map.IsUart(address))
        {
            Uart(guest.Uart, offset, size, write, ref value);
        }
        else if (map.IsFlash(address) && guest is { Flash: { } flash, Spec.Platform.Flash: { } start })
        {
            Flash(flash, (uint)(address.Value - start.Value), size, write, ref value);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>
    /// Brings the UART of the guest on the core up to the present: its output goes to the guest's distributor, and the hypervisor's
    /// timer is set for what is typed next. What is typed while the guest is off the core is found when it comes back.
    /// </summary>
    public static IReadOnlyList<HypervisorWork> FollowUart(CoreLease lease, GuestLease guest, VirtualInstant at, Stamp cause)
    {
        guest.Uart.AdvanceTo(at);
        lease.Timers.Cancel(HypTimerPurpose.ConsoleInput, guest.Vcpu.Id);
        if (guest.Uart.NextChange is { } next && next != VirtualInstant.Never)
        {
            lease.Timers.Add(new HypTimerEntry(next, HypTimerPurpose.ConsoleInput, guest.Vcpu.Id, 0, cause));
        }

        bool level = guest.Uart.InterruptLine;
        if (level == guest.UartAsserted || guest.Distributor is not { } distributor)
        {
            return [];
        }

        guest.UartAsserted = level;
        distributor.SetLevel(guest.Spec.Platform.UartInterrupt, level);
        return [new DistributorWork(cause)];
    }

    private void Distributor(VirtualDistributor distributor, uint offset, int size, bool write, ref uint value)
    {
        if (!write)
        {
            value = distributor.Read(guest.PresentVcpu, offset, size);
            return;
        }

        distributor.SgiSent = request => followUp.AddRange(request.Targets.Select(
            target => new InterruptWork(cause, new VcpuId(guest.Id, target.Index), request.Sgi, null) { Source = request.Source.Index }));
        distributor.Write(guest.PresentVcpu, offset, size, value, completes);
        followUp.Add(new DistributorWork(cause));
    }

    /// <summary>The interface's registers are the same, only that the hypervisor keeps them.</summary>
    private bool TryInterface(Pa address, int size, bool write, ref uint value) => write
        ? lease.Peripherals.TryWrite(address, size, value, completes)
        : lease.Peripherals.TryRead(address, size, completes, out value);

    private void Uart(IUart uart, uint offset, int size, bool write, ref uint value)
    {
        if (write)
        {
            uart.Write(offset, size, value, completes);
        }
        else
        {
            value = uart.Read(offset, size, completes);
        }

        followUp.AddRange(FollowUart(lease, guest, completes, cause));
    }

    private static void Flash(CfiFlash flash, uint offset, int size, bool write, ref uint value)
    {
        if (write)
        {
            flash.Write(offset, value);
        }
        else
        {
            value = flash.Read(offset, size);
        }
    }
}
