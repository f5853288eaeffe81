using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads the keys `ram` and `platform` of a guest: a preset, and what differs from it.</summary>
internal static class PlatformReader
{
    private const uint DefaultRam = 64 << 20;
    private const uint MaxRam = 512u << 20;
    private const int MinInterrupt = 32;
    private const int MaxInterrupt = 95;
    private static readonly string[] Presets = ["virt", "arndale"];

    /// <summary>Reads the platform and the image of its flash, empty where none is named.</summary>
    public static (PlatformSpec Platform, ReadOnlyMemory<byte> FlashImage) Read(MapReader guest, RecordedFiles files)
    {
        uint ram = Size(guest, "ram") ?? DefaultRam;
        switch (guest.Node("platform"))
        {
            case null:
                return (PlatformSpec.Virt(ram), default);
            case YamlScalar scalar:
                return scalar.Text is "virt" or "arndale"
                    ? (Preset(scalar.Text, ram), default)
                    : throw scalar.Error($"'{scalar.Text}' is no value for 'platform'", "virt, arndale, or a mapping with preset, ram, gicd, gicc, uart, ...");
            default:
                return ReadMap(guest.Map("platform")!, ram, files);
        }
    }

    private static PlatformSpec Preset(string name, uint ram) => name is "arndale" ? PlatformSpec.Arndale(ram) : PlatformSpec.Virt(ram);

    private static (PlatformSpec Platform, ReadOnlyMemory<byte> FlashImage) ReadMap(MapReader map, uint ram, RecordedFiles files)
    {
        PlatformSpec preset = Preset(map.Choice("preset", Presets) ?? "virt", ram);
        uint start = (uint)preset.RamStart.Value;
        if (map.Map("ram") is { } memory)
        {
            start = memory.Address("start") ?? start;
            ram = Size(memory, "size") ?? ram;
            memory.Done();
        }

        Ipa Device(string key, Ipa given) => map.Address(key) is { } address ? new Ipa(address) : given;
        PlatformSpec platform = preset with
        {
            RamStart = new Ipa(start),
            RamSize = ram,
            Distributor = Device("gicd", preset.Distributor),
            CpuInterface = Device("gicc", preset.CpuInterface),
            Uart = Device("uart", preset.Uart),
            UartModel = map.Choice("uartModel", "pl011", "exynos4210") switch
            {
                "pl011" => UartModel.Pl011,
                "exynos4210" => UartModel.Exynos4210,
                _ => preset.UartModel,
            },
            UartInterrupt = (int)(map.Integer("uartInterrupt", MinInterrupt, MaxInterrupt) ?? (ulong)preset.UartInterrupt),
        };
        string? flash = map.Text("flash");
        map.Done();
        return flash switch
        {
            null => (WithoutHiddenFlash(platform), default),
            "none" => (platform with { Flash = null }, default),
            _ => (platform with { Flash = platform.Flash ?? new Ipa(0) },
                GuestReader.Placed(map, "flash", () => files.Read(flash, (int)CfiFlash.Size))),
        };
    }

    /// <summary>The preset's flash is left out where the scenario puts something else in its place.</summary>
    private static PlatformSpec WithoutHiddenFlash(PlatformSpec platform)
    {
        if (platform.Flash is not { } flash)
        {
            return platform;
        }

        bool hidden = new[] { platform.RamStart, platform.Distributor, platform.CpuInterface, platform.Uart }
            .Any(start => start.Value - flash.Value < CfiFlash.Size);
        return hidden ? platform with { Flash = null } : platform;
    }

    private static uint? Size(MapReader map, string key) =>
        map.Value<uint>(key, t => Quantity.Size(t) is { } bytes and <= MaxRam ? (uint)bytes : null, Quantity.SizeHelp + ", at most 512MiB");
}
