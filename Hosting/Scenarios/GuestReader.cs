using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads one item of the key `guests`.</summary>
internal static class GuestReader
{
    private const uint LastPlace = 64 << 10;

    /// <summary>Reads a guest; a PidBase that is not written is left at <see cref="PidBases.Unset"/>.</summary>
    public static GuestSpec Read(MapReader guest, ClockRates clock, RecordedFiles files)
    {
        string name = guest.RequiredText("name", "e.g. 'name: ucos'");
        bool isWorkload = guest.Choice("kind", "elf", "workload") is "workload";
        CoreId[] cores = ReadCores(guest);
        string elf = guest.RequiredText("elf", "e.g. 'elf: ../guests/rtos/bin/rtos.elf'");
        (PlatformSpec platform, ReadOnlyMemory<byte> flash) = PlatformReader.Read(guest, files);
        IReadOnlyList<TypedText> input = ConsoleReader.Read(guest, clock);
        _ = guest.Node("deviceTree");
        string? profile = guest.Text("profile");
        bool profiler = guest.Flag("profiler") ?? false;
        ulong? pidBase = guest.Integer("pidBase", 0, 4_000_000);
        MapReader? workload = guest.Map("workload");
        if (isWorkload != (workload is not null))
        {
            throw isWorkload
                ? guest.Missing("workload", "'workload: {tasks: [...]}' or 'workload: {capture: {file, cpu}}'")
                : guest.Error("workload", "only a guest of 'kind: workload' has a workload", "add 'kind: workload' or remove it");
        }

        guest.Done();
        ElfImage image = Placed(guest, "elf", () => ElfImage.Parse(files.Read(elf, RecordedFiles.MaxImageBytes), elf));
        return new GuestSpec
        {
            Name = name,
            Core = cores[0],
            VcpuCores = cores,
            Image = image,
            Platform = platform,
            Profile = profile is null ? null : ReadProfile(guest, profile, image, files),
            Profiler = profiler,
            PidBase = pidBase is { } given ? (int)given : profiler ? 0 : PidBases.Unset,
            Workload = workload is null ? null : WorkloadReader.Read(workload, clock, files),
            FlashImage = flash,
            DeviceTree = ReadDeviceTree(guest, platform, image),
            Input = input,
        };
    }

    /// <summary>Runs a step that reads a file named by a key; its failure is an error at that key.</summary>
    public static T Placed<T>(MapReader map, string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ScenarioFileException e)
        {
            throw map.Error(key, e.Message, e.Mend);
        }
        catch (ImageFormatException e)
        {
            throw map.Error(key, e.Message, e.Message.EndsWith(')') ? "" : "an ELF32 file for little-endian ARM is needed");
        }
    }

    /// <summary>`core: 1` pins every vCPU to one core, `cores: [0, 1]` each to its own; `vcpus` says how many there are.</summary>
    private static CoreId[] ReadCores(MapReader guest)
    {
        ulong? core = guest.Integer("core", 0, 7);
        ulong? vcpus = guest.Integer("vcpus", 1, 8);
        if (guest.Node("cores") is null)
        {
            CoreId all = new((byte)(core ?? throw guest.Missing("core", "e.g. 'core: 1'")));
            return [.. Enumerable.Repeat(all, (int)(vcpus ?? 1))];
        }

        if (core is not null)
        {
            throw guest.Error("cores", "'core' and 'cores' say the same", "remove one of them");
        }

        CoreId[] cores = [.. guest.Items("cores").Select(ReadCore)];
        return cores.Length is >= 1 and <= 8 && (vcpus is null || vcpus == (ulong)cores.Length)
            ? cores
            : throw guest.Error("cores", "one core is needed for each vCPU", "e.g. 'vcpus: 2' with 'cores: [0, 1]'");
    }

    private static CoreId ReadCore(YamlNode node) =>
        node is YamlScalar scalar && byte.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out byte core) && core <= 7
            ? new CoreId(core)
            : throw node.Error("a core is a number from 0 to 7", "e.g. 'cores: [0, 1]'");

    private static CompiledProfile ReadProfile(MapReader guest, string name, ElfImage image, RecordedFiles files)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_' and not '.'))
        {
            throw guest.Error("profile", $"'{name}' is no profile name", "letters, digits, '-', '_' and '.'");
        }

        string path = $"profiles/{name}.yaml";
        ReadOnlyMemory<byte> text = Placed(guest, "profile", () => files.ReadProfile(path));
        return ProfileReader.Read(path, Utf8.Decode(path, text), guest, image);
    }

    /// <summary>
    /// true, false (default), or the address. It is put at the start of RAM, where U-Boot on QEMU's virt board expects it, or,
    /// where the image lies there, into the last 64 KiB.
    /// </summary>
    private static Ipa? ReadDeviceTree(MapReader guest, PlatformSpec platform, ElfImage image)
    {
        if (guest.Text("deviceTree") is not { } text || text is "false")
        {
            return null;
        }

        if (text is not "true")
        {
            return new Ipa(guest.Address("deviceTree")!.Value);
        }

        ulong start = platform.RamStart.Value;
        bool free = !image.Segments.Any(s => s.PhysicalAddress.Value < start + GuestSpec.DeviceTreeRoom && start < s.PhysicalAddress.Value + s.MemorySize);
        return new Ipa(free ? start : start + platform.RamSize - LastPlace);
    }
}
