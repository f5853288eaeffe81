using System.Buffers.Binary;
using System.Text.RegularExpressions;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd;

/// <summary>
/// U-Boot as Debian builds it for QEMU's virt board, against QEMU with the same RAM and our device tree: what both print is the
/// same text, commands and their answers included. Only the countdown before the prompt depends on time.
/// </summary>
public sealed partial class UBootTests
{
    private const string Image = "/usr/lib/u-boot/qemu_arm/uboot.elf";
    private const string Prompt = "=> ";

    /// <summary>What is typed, and what must be printed before. The last is only waited for.</summary>
    private static readonly (string After, string Text)[] Typed =
    [
        ("Hit any key", " "), (Prompt, "version\n"), (Prompt, "md 0 40\n"), (Prompt, "md.b 40000000 4\n"), (Prompt, "flinfo\n"), (Prompt, ""),
    ];

    [SkippableFact]
    public void U_Boot_prints_under_the_hypervisor_what_it_prints_on_QEMU()
    {
        Scenario scenario = Load();
        string ours = SimulatedRun.ByActors(scenario, 2).Console("u-boot");
        string expected = OnQemu(scenario);
        Assert.Contains("arm-linux-gnueabihf-gcc", expected, StringComparison.Ordinal);
        Assert.Equal(WithoutCountdown(expected), WithoutCountdown(ours));
    }

    [SkippableFact]
    public void U_Boot_prints_without_hypervisor_what_it_prints_on_QEMU_but_for_the_PSCI_node_that_QEMU_adds()
    {
        Scenario scenario = Load(("board:", "hypervisor: none\nboard:"));
        string ours = SimulatedRun.ByActors(scenario, 2).Console("u-boot");
        string expected = OnQemu(scenario).Replace("11 devices, 8 uclasses", "9 devices, 6 uclasses", StringComparison.Ordinal);
        Assert.Equal(WithoutCountdown(expected), WithoutCountdown(ours));
    }

    private static Scenario Load(params (string From, string To)[] edits)
    {
        Skip.IfNot(File.Exists(Image), "Debian's package u-boot-qemu is not installed");
        Scenario scenario = SimulatedRun.Load("u-boot", edits);
        GuestSpec guest = scenario.Guests[0] with
        {
            Input = [.. Typed[..^1].Select(t => new Machine.Uart.TypedText(VirtualInstant.Zero, t.After, t.Text))],
        };
        return scenario with { Guests = [guest] };
    }

    private static string OnQemu(Scenario scenario)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string tree = folder.File("guest.dtb");
        File.WriteAllBytes(tree, DeviceTree(scenario));
        return QemuDialogue.Run(
            ["-M", "virt", "-cpu", "cortex-a15", "-nic", "none", "-m", "128", "-dtb", tree, "-kernel", Image], Typed);
    }

    /// <summary>The tree that our guest finds at the start of its RAM.</summary>
    private static byte[] DeviceTree(Scenario scenario)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        byte[] ram = board.GuestLeases[0].Memory.Regions.Single(r => r.Bytes.Length == scenario.Guests[0].Platform.RamSize).Bytes;
        return ram[..BinaryPrimitives.ReadInt32BigEndian(ram.AsSpan(4))];
    }

    /// <summary>U-Boot counts seconds until the key arrives: three backspaces and the new number each.</summary>
    private static string WithoutCountdown(string console) => Countdown().Replace(console, "autoboot: n");

    [GeneratedRegex("autoboot: [0-9 \b]*", RegexOptions.None, 10_000)]
    private static partial Regex Countdown();
}
