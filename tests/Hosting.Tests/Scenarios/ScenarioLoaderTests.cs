using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using Xunit;

namespace ActorTrace.Hosting.Tests.Scenarios;

public class ScenarioLoaderTests
{
    [Fact]
    public void A_scenario_is_read_with_its_units_and_files()
    {
        using var folder = new TempFolder();
        Scenario scenario = ScenarioLoader.LoadFile(ScenarioText.WriteTo(folder), ScenarioChanges.None);
        Assert.Equal("small", scenario.Name);
        Assert.Equal(new VirtualInstant(10_000_000), scenario.Duration);
        Assert.Equal(new ClockRates(1_000_000_000, 62_500_000, 64), scenario.Board.Clock);
        Assert.Equal(850ul, scenario.Board.SgiLatency);
        Assert.False(scenario.Hypervisor);
        GuestSpec guest = Assert.Single(scenario.Guests);
        Assert.Equal("ucos", guest.Name);
        Assert.Equal(PlatformSpec.Virt(64 << 20), guest.Platform);
        Assert.Equal(1000, guest.PidBase);
        SourceFile file = Assert.Single(scenario.Files);
        Assert.Equal("rtos.elf", file.Path);
        Assert.True(file.Content.Span.SequenceEqual(ScenarioText.RtosImage));
    }

    [Theory]
    [InlineData("    cores: [1, 0]", new[] { 1, 0 })]
    [InlineData("    vcpus: 3\n    core: 1", new[] { 1, 1, 1 })]
    [InlineData("    vcpus: 2\n    cores: [0, 0]", new[] { 0, 0 })]
    public void Each_vcpu_has_its_core(string with, int[] cores)
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder, "    core: 0", with);
        File.WriteAllText(path, File.ReadAllText(path).Replace("hypervisor: none", "hypervisor: {slice: 1ms}", StringComparison.Ordinal));
        GuestSpec guest = ScenarioLoader.LoadFile(path, ScenarioChanges.None).Guests[0];
        Assert.Equal(cores, guest.VcpuCores.Select(c => (int)c.Index));
        Assert.Equal(cores[0], guest.Core.Index);
    }

    [Theory]
    [InlineData("preset: arndale", 5326, true)]
    [InlineData("preset: arndale-no-vgic", 2270, false)]
    [InlineData("preset: arndale\n  costs: {preset: arndale-no-vgic}", 2270, true)]
    [InlineData("preset: arndale-no-vgic\n  costs: {preset: arndale}", 5326, false)]
    [InlineData("preset: custom\n  costs: {preset: arndale-no-vgic, hypercall: 126}", 2370, true)]
    [InlineData("preset: custom", 0, true)]
    public void A_board_and_its_costs_are_chosen_by_name(string with, int hypercall, bool hasInterface)
    {
        using var folder = new TempFolder();
        BoardSpec board = ScenarioLoader.LoadFile(ScenarioText.WriteTo(folder, "preset: custom", with), ScenarioChanges.None).Board;
        Assert.Equal((ulong)hypercall, board.Costs.TrapEntry + board.Costs.Route + board.Costs.Hypercall + board.Costs.TrapExit);
        Assert.Equal(hasInterface, board.VirtualInterface);
    }

    [Fact]
    public void The_command_line_changes_are_part_of_the_text_and_the_journal_gives_the_same_scenario_again()
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder);
        Scenario first = ScenarioLoader.LoadFile(path, new ScenarioChanges("3ms", NoTrace: true));
        Assert.Equal(new VirtualInstant(3_000_000), first.Duration);

        var stored = new StoredScenarioFiles([.. first.Files.Select(f => new InputFile(f.Path, f.Content))]);
        Scenario again = ScenarioLoader.Load("journal", first.SourceText, stored);
        Assert.Equal(first.Duration, again.Duration);
        Assert.Equal(first.SourceText, again.SourceText);
        Assert.Equal(first.Board, again.Board);
        Assert.True(first.Files.Select(f => f.Path).SequenceEqual(again.Files.Select(f => f.Path), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("guests:", "gust:", "s.yaml:8:1: unknown key 'gust' (did you mean 'guests'?)")]
    [InlineData("    core: 0", "    croe: 0", "s.yaml:10:5: unknown key 'croe' (did you mean 'core'?)")]
    [InlineData("10ms", "10", "s.yaml:2:11: '10' is no value for 'duration' (write a number with a unit: ns, us, ms, s or cycles, e.g. 20ms)")]
    [InlineData("10ms", "0", "s.yaml:2:11: the duration is 0 (write a time above 0, e.g. 2s)")]
    [InlineData("name: small", "name: Small one", "s.yaml:1:7: 'Small one' is no name (1 to 40 of a-z, 0-9 and '-')")]
    [InlineData("cores: 2", "cores: 9", "s.yaml:5:10: '9' is no value for 'cores' (a whole number from 1 to 8)")]
    [InlineData("    core: 0", "    core: 5", "s.yaml:10:11: the board has no core 5 (its cores are 0 to 1)")]
    [InlineData("    core: 0", "    vcpus: 2\n    core: 0", "s.yaml:10:12: without a hypervisor a guest has one core (remove 'vcpus' or 'hypervisor: none')")]
    [InlineData("    core: 0", "    cores: [0, 7]", "s.yaml:10:5: the board has no core 7 (its cores are 0 to 1)")]
    [InlineData("    core: 0", "    cores: [0, 8]", "s.yaml:10:16: a core is a number from 0 to 7 (e.g. 'cores: [0, 1]')")]
    [InlineData("    core: 0", "    cores: []", "s.yaml:10:5: one core is needed for each vCPU (e.g. 'vcpus: 2' with 'cores: [0, 1]')")]
    [InlineData("    core: 0", "    vcpus: 3\n    cores: [0, 1]", "s.yaml:11:5: one core is needed for each vCPU (e.g. 'vcpus: 2' with 'cores: [0, 1]')")]
    [InlineData("    core: 0", "    core: 0\n    cores: [0, 1]", "s.yaml:11:5: 'core' and 'cores' say the same (remove one of them)")]
    [InlineData("62.5MHz", "2GHz", "s.yaml:6:30: the timer is faster than the core (its frequency is at most that of the core)")]
    [InlineData("preset: custom", "preset: arndael", "s.yaml:4:11: 'arndael' is no value for 'preset' (did you mean 'arndale'?)")]
    [InlineData("hypervisor: none", "hypervisor: maybe", "s.yaml:7:13: this is no value for 'hypervisor' (none, or a mapping, e.g. {slice: 5ms})")]
    [InlineData("elf: rtos.elf", "elf: other.elf", "s.yaml:11:10: 'other.elf' does not exist (paths are relative to the scenario file)")]
    [InlineData("elf: rtos.elf", "elf: [a]", "s.yaml:11:10: 'elf' is a list (it must be a single value)")]
    [InlineData("elf: rtos.elf", "elf:", "s.yaml:11:9: 'elf' has no value (write it after the colon, or remove the key)")]
    [InlineData("elf: rtos.elf", "elf: $HOME/rtos.elf", "s.yaml:11:10: '$HOME/rtos.elf' begins with an unknown variable (only $ACTORTRACE_CAPTURES/ is expanded)")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    ram: 1MiB", "s.yaml:11:10: 'rtos.elf' has bytes at ")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    ram: 1000MiB", "s.yaml:12:10: '1000MiB' is no value for 'ram' (")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    platform: {uart: 0x08000000}", "s.yaml:12:22: uart at 0x08000000 overlaps gicd at 0x08000000 (move one of them)")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    platform: {gicd: 0x0A000000}", "s.yaml:12:22: gicd at 0x0a000000 overlaps the trace control device at 0x0a000000 (move one of them)")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    profile: nothing-like-it", "s.yaml:12:14: there is no profile 'nothing-like-it' (")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    profile: ../secret", "s.yaml:12:14: '../secret' is no profile name (")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    profiler: true", "s.yaml:12:15: only a workload guest has the trace profiler (add 'kind: workload' or remove 'profiler')")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    kind: workload", "s.yaml:9:5: key 'workload' is missing in 'guests[0]' (")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n  - name: ucos\n    core: 1\n    elf: rtos.elf", "s.yaml:12:11: two guests are named 'ucos' (give each its own name)")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n  - name: two\n    core: 0\n    elf: rtos.elf", "s.yaml:13:11: two guests are on core 0 without a hypervisor (give each a core of its own)")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\ncontrol: [{at: 1ms, file: trace/enable, value: 1}]", "s.yaml:12:1: no guest has the trace profiler, so nobody can write its files (")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\ntrace: {ringSlots: 12}", "s.yaml:12:20: '12' is no value for 'ringSlots' (a power of two from 4 to 65536)")]
    [InlineData("cyclesPerInstruction: 64}", "cyclesPerInstruction: 64}\n  costs: {trap-entri: 1}", "s.yaml:7:11: unknown key 'trap-entri' (did you mean 'trap-entry'?)")]
    [InlineData("cyclesPerInstruction: 64}", "cyclesPerInstruction: 64}\n  sgiLatency: 0", "s.yaml:7:15: an SGI cannot arrive at the instant it is sent (write at least 1cycles)")]
    [InlineData("hypervisor: none", "hypervisor: none\n---\nduration: 1ms\nmore: 1", "s.yaml:10:1: unknown key 'more' (")]
    [InlineData("hypervisor: none", "hypervisor: &a none\nx: *a", "s.yaml:8:4: aliases (*name) are not read (write the value out)")]
    public void A_mistake_is_told_in_one_line_with_place_and_mend(string replace, string with, string line)
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder, replace, with);
        InputException error = Assert.Throws<InputException>(() => ScenarioLoader.LoadFile(path, ScenarioChanges.None));
        Assert.StartsWith(line, error.Message.Replace(folder.Path + "/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith(")", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(0, "not an ELF file")]
    [InlineData(20, "truncated to 20 bytes")]
    [InlineData(1000, "truncated to 1000 bytes")]
    public void A_truncated_image_is_an_error_at_its_key(int bytes, string why)
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder);
        folder.Write("rtos.elf", ScenarioText.RtosImage[..bytes]);
        InputException error = Assert.Throws<InputException>(() => ScenarioLoader.LoadFile(path, ScenarioChanges.None));
        Assert.True(error.Place.EndsWith("s.yaml:11:10", StringComparison.Ordinal), why + ": " + error.Message);
        Assert.Contains("rtos.elf", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_for_another_architecture_is_an_error_at_its_key()
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder);
        byte[] image = [.. ScenarioText.RtosImage];
        image[18] = 62; // e_machine = EM_X86_64
        folder.Write("rtos.elf", image);
        InputException error = Assert.Throws<InputException>(() => ScenarioLoader.LoadFile(path, ScenarioChanges.None));
        Assert.EndsWith("s.yaml:11:10", error.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Captures_need_their_variable()
    {
        using var folder = new TempFolder();
        var unset = new DiskScenarioFiles(folder.Path, capturesFolder: null, folder.Path);
        ScenarioFileException error = Assert.Throws<ScenarioFileException>(() => unset.Read("$ACTORTRACE_CAPTURES/x.txt", 10));
        Assert.Contains("ACTORTRACE_CAPTURES, which is not set", error.Message, StringComparison.Ordinal);

        folder.Write("captures/x.txt", "abc");
        var set = new DiskScenarioFiles(folder.Path, Path.Combine(folder.Path, "captures"), folder.Path);
        Assert.Equal("abc"u8.ToArray(), set.Read("$ACTORTRACE_CAPTURES/x.txt", 10).ToArray());
        Assert.Throws<ScenarioFileException>(() => set.Read("$ACTORTRACE_CAPTURES/x.txt", 2));
    }

    [Fact]
    public void A_file_without_end_is_not_read_to_its_end()
    {
        if (File.Exists("/dev/zero"))
        {
            Assert.Contains("longer than 1 MiB", Assert.Throws<ScenarioFileException>(() => DiskScenarioFiles.ReadBounded("/dev/zero", "z", 1 << 20)).Message, StringComparison.Ordinal);
        }
    }
}
