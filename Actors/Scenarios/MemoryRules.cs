using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>What must hold of a guest's memory map and of what is loaded into it.</summary>
internal static class MemoryRules
{
    private const ulong MegabyteMask = 0xF_FFFF;
    private const uint MaxRamBytes = 512u << 20;
    private const uint PageSize = 0x1000;
    private const uint FlashAlignment = 2 << 20;

    // The addresses that the hypervisor itself gives every guest: trace control device and shared rings.
    private static readonly (string Name, ulong Start, ulong Length)[] Reserved =
        [("the trace control device", 0x0A00_0000, PageSize), ("the shared rings", 0x0B00_0000, 0x0100_0000)];

    /// <summary>All problems of a guest.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="path">Where it is in the scenario.</param>
    public static IEnumerable<ScenarioProblem> Check(GuestSpec guest, string path) =>
        CheckPlatform(guest.Platform, path).Concat(CheckImage(guest, path)).Concat(CheckDeviceTree(guest, path));

    private static IEnumerable<ScenarioProblem> CheckPlatform(PlatformSpec platform, string path)
    {
        if ((platform.RamStart.Value & MegabyteMask) != 0 || (platform.RamSize & MegabyteMask) != 0 || platform.RamSize is 0 or > MaxRamBytes
            || platform.RamStart.Value + platform.RamSize > 1UL << 32)
        {
            yield return new($"{path}.platform.ram", "the RAM does not fit", "start and size are multiples of 1 MiB, size 1 to 512 MiB, all below 4 GiB");
        }

        List<(string Name, ulong Start, ulong Length, uint Alignment)> areas =
        [
            ("ram", platform.RamStart.Value, platform.RamSize, PageSize),
            ("gicd", platform.Distributor.Value, PageSize, PageSize),
            ("gicc", platform.CpuInterface.Value, 2 * PageSize, PageSize),
            ("uart", platform.Uart.Value, PageSize, PageSize),
        ];
        if (platform.Flash is { } flash)
        {
            areas.Add(("flash", flash.Value, CfiFlash.Size, FlashAlignment));
        }

        for (int i = 0; i < areas.Count; i++)
        {
            (string name, ulong start, ulong length, uint alignment) = areas[i];
            if (start % alignment != 0)
            {
                yield return new($"{path}.platform.{name}", $"{name} at 0x{start:x8} is not aligned", $"a multiple of {alignment >> 10} KiB");
            }

            foreach ((string other, ulong otherStart, ulong otherLength) in areas[..i].Select(a => (a.Name, a.Start, a.Length)).Concat(Reserved))
            {
                if (start < otherStart + otherLength && otherStart < start + length)
                {
                    yield return new(
                        $"{path}.platform.{name}", $"{name} at 0x{start:x8} overlaps {other} at 0x{otherStart:x8}",
                        name is "flash" ? "move one of them, or write 'flash: none'" : "move one of them");
                }
            }
        }
    }

    private static IEnumerable<ScenarioProblem> CheckImage(GuestSpec guest, string path)
    {
        PlatformSpec platform = guest.Platform;
        ulong start = platform.RamStart.Value;
        ulong end = start + platform.RamSize;
        foreach (ElfSegment segment in guest.Image.Segments.Where(s => s.MemorySize > 0))
        {
            ulong from = segment.PhysicalAddress.Value;
            ulong to = from + segment.MemorySize;
            bool inFlash = platform.Flash is { } flash && from >= flash.Value && to <= flash.Value + CfiFlash.Size;
            if ((from < start || to > end) && !inFlash)
            {
                string others = platform.Flash is { } present ? $" and its flash 0x{present.Value:x8}-0x{present.Value + CfiFlash.Size - 1:x8}" : "";
                yield return new(
                    $"{path}.elf", $"'{guest.Image.Name}' has bytes at 0x{from:x8}-0x{to - 1:x8}, outside its RAM 0x{start:x8}-0x{end - 1:x8}{others}",
                    "give it more RAM or link it elsewhere");
                yield break;
            }
        }
    }

    private static IEnumerable<ScenarioProblem> CheckDeviceTree(GuestSpec guest, string path)
    {
        if (guest.DeviceTree is not { } tree)
        {
            yield break;
        }

        ulong start = guest.Platform.RamStart.Value;
        ulong end = start + guest.Platform.RamSize;
        if (tree.Value % sizeof(ulong) != 0 || tree.Value < start || tree.Value + GuestSpec.DeviceTreeRoom > end)
        {
            yield return new(
                $"{path}.deviceTree", $"the device tree cannot be at 0x{tree.Value:x8}",
                $"a multiple of 8 with {GuestSpec.DeviceTreeRoom} bytes of RAM behind it");
        }

        foreach (ElfSegment segment in guest.Image.Segments.Where(s => s.MemorySize > 0))
        {
            Ipa from = segment.PhysicalAddress;
            if (tree.Value < from.Value + segment.MemorySize && from.Value < tree.Value + GuestSpec.DeviceTreeRoom)
            {
                yield return new($"{path}.deviceTree", $"the device tree at 0x{tree.Value:x8} lies in the image", "give another address");
            }
        }
    }
}
