using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>Where the hypervisor puts things in physical memory. Nothing of it shows in a guest: stage 2 lies between.</summary>
public static class PhysicalLayout
{
    /// <summary>The shared rings.</summary>
    public static readonly Pa RingArea = new(0x7000_0000);

    /// <summary>2 MiB of erased flash, which all that is erased in the guests' flash maps to.</summary>
    public static readonly Pa ErasedFlash = new(0x4_0000_0000);

    private const ulong FirstFlash = 0x4_1000_0000;
    private const ulong FlashStride = 0x1000_0000;
    private const ulong FirstGuest = 0x1_0000_0000;
    private const ulong GuestStride = 0x4000_0000;
    private const ulong FirstTables = 0x8000_0000;
    private const ulong TablesStride = 0x10_0000;

    /// <summary>Bytes for a guest's stage-2 tables.</summary>
    public const int TablesLength = 0x4_0000;

    /// <summary>A guest's RAM.</summary>
    public static Pa GuestRam(GuestId guest) => new(FirstGuest + (guest.Index * GuestStride));

    /// <summary>What a guest's flash holds.</summary>
    public static Pa GuestFlash(GuestId guest) => new(FirstFlash + (guest.Index * FlashStride));

    /// <summary>A guest's stage-2 tables.</summary>
    public static Pa Stage2Tables(GuestId guest) => new(FirstTables + (guest.Index * TablesStride));
}
