using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <content>Which device answers at a physical address.</content>
public sealed partial class CorePeripherals
{
    private const uint DeviceSize = 0x1000;
    private bool uartLevel;

    /// <inheritdoc/>
    public ulong AccessCycles(Pa address) =>
        IsIn(address, devices?.CpuInterface ?? ArndaleMap.VirtualCpuInterface, CpuInterfaceRegisters.Size, out _) ? InterfaceCycles : 0;

    /// <inheritdoc/>
    public bool TryRead(Pa address, int size, VirtualInstant now, out uint value)
    {
        value = 0;
        if (devices is null)
        {
            return TryReadInterface(virtualInterface, ArndaleMap.VirtualCpuInterface, address, size, now, out value);
        }

        if (TryReadInterface(physical, devices.CpuInterface, address, size, now, out value))
        {
            return true;
        }

        if (IsIn(address, devices.Distributor, DeviceSize, out uint offset))
        {
            AdvanceTo(now);
            value = distributor.Read(0, offset, size);
            return true;
        }

        if (IsIn(address, devices.UartAddress, DeviceSize, out offset))
        {
            AdvanceTo(now);
            value = devices.Uart.Read(offset, size, now);
            FollowUart(devices);
            return true;
        }

        if (devices.Flash is { } flash && IsIn(address, flash.Start, CfiFlash.Size, out offset))
        {
            value = flash.Read(offset, size);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool TryWrite(Pa address, int size, uint value, VirtualInstant now)
    {
        if (devices is null)
        {
            return TryWriteInterface(virtualInterface, ArndaleMap.VirtualCpuInterface, address, size, value, now);
        }

        if (TryWriteInterface(physical, devices.CpuInterface, address, size, value, now))
        {
            return true;
        }

        if (IsIn(address, devices.Distributor, DeviceSize, out uint offset))
        {
            AdvanceTo(now);
            distributor.Write(0, offset, size, value, now);
            UpdateLines();
            return true;
        }

        if (IsIn(address, devices.UartAddress, DeviceSize, out offset))
        {
            AdvanceTo(now);
            devices.Uart.Write(offset, size, value, now);
            FollowUart(devices);
            return true;
        }

        if (devices.Flash is { } flash && IsIn(address, flash.Start, CfiFlash.Size, out offset))
        {
            flash.Write(offset, value);
            return true;
        }

        return false;
    }

    private static bool IsIn(Pa address, Pa start, uint size, out uint offset)
    {
        ulong distance = address.Value - start.Value;
        offset = (uint)distance;
        return distance < size;
    }

    private bool TryReadInterface(GicCpuInterface gic, Pa start, Pa address, int size, VirtualInstant now, out uint value)
    {
        value = 0;
        if (!IsIn(address, start, CpuInterfaceRegisters.Size, out uint offset))
        {
            return false;
        }

        AdvanceTo(now);
        value = gic.Read(offset, size);
        UpdateLines();
        return true;
    }

    private bool TryWriteInterface(GicCpuInterface gic, Pa start, Pa address, int size, uint value, VirtualInstant now)
    {
        if (!IsIn(address, start, CpuInterfaceRegisters.Size, out uint offset))
        {
            return false;
        }

        AdvanceTo(now);
        gic.Write(offset, (uint)(value & ((1UL << (8 * size)) - 1)));
        UpdateLines();
        return true;
    }

    /// <summary>After the UART may have changed: its output, and when it changes next.</summary>
    private void FollowUart(NativeDevices native)
    {
        NextDeadline = VirtualInstant.Min(timers.NextChange(present), native.Uart.NextChange);
        if (uartLevel != native.Uart.InterruptLine)
        {
            uartLevel = !uartLevel;
            distributor.SetLevel(0, native.UartInterrupt, uartLevel);
            UpdateLines();
        }
    }
}
