using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>A guest's RAM and flash, with image and device tree in them.</summary>
internal sealed class GuestMemory
{
    // Stage 2 maps the flash by blocks of this size, what is erased to one and the same.
    private const uint FlashBlock = 2 << 20;
    private readonly GuestSpec spec;

    /// <summary>Makes the memory and loads it. What lies outside of it is an error of the scenario, checked there.</summary>
    /// <param name="spec">The guest.</param>
    /// <param name="ram">Where its RAM is on the board.</param>
    /// <param name="flash">Where its flash is on the board.</param>
    public GuestMemory(GuestSpec spec, Pa ram, Pa flash)
    {
        this.spec = spec;
        Ram = new RamRegion(ram, checked((int)spec.Platform.RamSize));
        if (spec.Platform.Flash is not null)
        {
            Flash = new CfiFlash(flash, FlashContent(flash));
        }

        foreach (ElfSegment segment in spec.Image.Segments.Where(s => s.MemorySize > 0))
        {
            Span<byte> place = At(segment.PhysicalAddress)[..checked((int)segment.MemorySize)];
            place.Clear();
            segment.FileBytes.Span.CopyTo(place);
        }
    }

    /// <summary>The RAM.</summary>
    public RamRegion Ram { get; }

    /// <summary>The flash; null where the platform has none.</summary>
    public CfiFlash? Flash { get; }

    /// <summary>The device tree of a guest.</summary>
    /// <param name="spec">The guest.</param>
    /// <param name="cpus">How many CPUs it has.</param>
    /// <param name="hypervisor">A hypervisor answers PSCI calls.</param>
    public static byte[] DeviceTree(GuestSpec spec, int cpus, bool hypervisor) => new DeviceTree
    {
        RamStart = (uint)spec.Platform.RamStart.Value,
        RamSize = spec.Platform.RamSize,
        Distributor = (uint)spec.Platform.Distributor.Value,
        CpuInterface = (uint)spec.Platform.CpuInterface.Value,
        Uart = (uint)spec.Platform.Uart.Value,
        UartModel = spec.Platform.UartModel,
        UartInterrupt = spec.Platform.UartInterrupt,
        Flash = (uint?)spec.Platform.Flash?.Value,
        Cpus = cpus,
        Psci = hypervisor,
    }.Flatten();

    /// <summary>Puts the device tree where the scenario wants it.</summary>
    /// <param name="cpus">How many CPUs the guest has.</param>
    /// <param name="hypervisor">A hypervisor answers PSCI calls.</param>
    /// <returns>Its address for R2; 0 where the guest gets none.</returns>
    public uint PlaceDeviceTree(int cpus, bool hypervisor)
    {
        if (spec.DeviceTree is not { } address)
        {
            return 0;
        }

        byte[] tree = DeviceTree(spec, cpus, hypervisor);
        if (tree.Length > GuestSpec.DeviceTreeRoom)
        {
            throw new InvalidOperationException($"A device tree of {tree.Length} bytes needs more than is kept free.");
        }

        tree.CopyTo(At(address));
        return (uint)address.Value;
    }

    /// <summary>Maps the flash to load and fetch from; stores abort, and so do loads of a bank that answers a query.</summary>
    public void MapFlash(Stage2Tables stage2, RamRegion erased)
    {
        if (Flash is not { } flash || spec.Platform.Flash is not { } start)
        {
            return;
        }

        uint kept = (uint)(flash.Content?.Bytes.Length ?? 0);
        if (flash.Content is { } content)
        {
            stage2.Map(start, content.Start, kept, writable: false, executable: true, device: false);
        }

        for (uint offset = kept; offset < CfiFlash.Size; offset += FlashBlock)
        {
            stage2.Map(new Ipa(start.Value + offset), erased.Start, FlashBlock, writable: false, executable: true, device: false);
        }
    }

    /// <summary>The flash block that is erased.</summary>
    public static RamRegion Erased()
    {
        RamRegion erased = new(PhysicalLayout.ErasedFlash, (int)FlashBlock) { Writable = false };
        Array.Fill(erased.Bytes, CfiFlash.Erased);
        return erased;
    }

    private RamRegion? FlashContent(Pa start)
    {
        ulong end = (ulong)spec.FlashImage.Length;
        ulong first = spec.Platform.Flash!.Value.Value;
        foreach (ElfSegment segment in spec.Image.Segments.Where(s => s.MemorySize > 0 && s.PhysicalAddress.Value - first < CfiFlash.Size))
        {
            end = Math.Max(end, segment.PhysicalAddress.Value - first + segment.MemorySize);
        }

        if (end == 0)
        {
            return null;
        }

        RamRegion content = new(start, checked((int)((end + FlashBlock - 1) / FlashBlock * FlashBlock))) { Writable = false };
        Array.Fill(content.Bytes, CfiFlash.Erased);
        spec.FlashImage.Span.CopyTo(content.Bytes);
        return content;
    }

    /// <summary>The bytes from an address on, in RAM or flash.</summary>
    private Span<byte> At(Ipa address)
    {
        ulong offset = address.Value - spec.Platform.RamStart.Value;
        return offset < spec.Platform.RamSize
            ? Ram.Bytes.AsSpan(checked((int)offset))
            : Flash!.Content!.Bytes.AsSpan(checked((int)(address.Value - spec.Platform.Flash!.Value.Value)));
    }
}
