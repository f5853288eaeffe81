using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <summary>An access to a device that a hypervisor emulates.</summary>
/// <param name="address">Where the guest accesses.</param>
/// <param name="size">1, 2 or 4 bytes.</param>
/// <param name="write">A store; else a load.</param>
/// <param name="value">What is stored, or receives what is loaded, zero-extended.</param>
/// <returns>False where no device answers.</returns>
public delegate bool DeviceAccess(Ipa address, int size, bool write, ref uint value);
