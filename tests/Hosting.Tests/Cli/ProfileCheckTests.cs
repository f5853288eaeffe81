using System.Text.Json;
using ActorTrace.Hosting.Tests.Scenarios;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

public class ProfileCheckTests
{
    private static readonly string Ucos2 = Checkout.File("scenarios", "profiles", "ucos2.yaml");

    [Fact]
    public async Task It_says_what_every_name_stands_for()
    {
        using var folder = new TempFolder();
        CliRun run = await CliRun.Of(new RecordingEngine(), "profile", "check", folder.Write("rtos.elf", ScenarioText.RtosImage), Ucos2);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        Assert.StartsWith("profile ucos2 (", run.Out, StringComparison.Ordinal);
        Assert.Contains("rtos.elf: fits", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\s*OSTCBCur +0x4[0-9a-f]{7} +4 +OS_TCB \*", run.Out);
        Assert.Matches(@"(?m)^\s*struct os_tcb\.OSTCBPrio +30 +1 +uint8_t", run.Out);
        Assert.Matches(@"(?m)^\s*switch\+wakeup +OS_Sched +0x4[0-9a-f]{7} +A32 +readySet +entry +OS_Sched", run.Out);
    }

    [Fact]
    public async Task Json_is_one_document_with_the_symbols_of_the_image()
    {
        CliRun run = await CliRun.Of(
            new RecordingEngine(), "profile", "check", Checkout.File("guests", "rtos", "bin", "rtos-mmu.elf"), "ucos2", "--json");
        Assert.Equal(0, run.Code);
        using JsonDocument document = JsonDocument.Parse(run.Out);
        JsonElement root = document.RootElement;
        Assert.True(root.GetProperty("fits").GetBoolean());
        Assert.Equal(0, root.GetProperty("problems").GetArrayLength());
        JsonElement[] probes = [.. root.GetProperty("probes").EnumerateArray()];
        Assert.Equal(6, probes.Length);
        Assert.All(probes, p => Assert.Equal(("A32", "entry"), (p.GetProperty("state").GetString(), p.GetProperty("on").GetString())));
        Assert.Contains(root.GetProperty("symbols").EnumerateArray(), s => s.GetProperty("name").GetString() is "OSRdyTbl");
        Assert.Equal(256u, root.GetProperty("symbols").EnumerateArray().Single(s => s.GetProperty("name").GetString() is "OSTCBPrioTbl").GetProperty("size").GetUInt32());
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once_with_what_may_have_been_meant()
    {
        using var folder = new TempFolder();
        string profile = folder.Write("mine.yaml", (await File.ReadAllTextAsync(Ucos2))
            .Replace("current: OSTCBCur", "current: OSTCBCurr", StringComparison.Ordinal)
            .Replace("name: task->OSTCBTaskName", "name: task->OSTCBTaskNam", StringComparison.Ordinal)
            .Replace("at: OS_Sched", "at: OS_Shed", StringComparison.Ordinal));
        string image = folder.Write("rtos.elf", ScenarioText.RtosImage);
        CliRun run = await CliRun.Of(new RecordingEngine(), "profile", "check", image, profile);
        Assert.Equal(1, run.Code);
        Assert.Equal("", run.Error);
        Assert.Contains("rtos.elf: does not fit: 3 missing or wrong", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"mine\.yaml:9:10: current: column 1 of the expression: unknown symbol 'OSTCBCurr' \(did you mean 'OSTCBCur'\?\)", run.Out);
        Assert.Matches(@"mine\.yaml:\d+:\d+: task\.name: .* no member 'OSTCBTaskNam'; .*\(did you mean 'OSTCBTaskName'\?\)", run.Out);
        Assert.Matches(@"mine\.yaml:\d+:\d+: probeSets\.switch\+wakeup\[2\]: .* no place 'OS_Shed': .*\(did you mean 'OS_Sched'\?\)", run.Out);

        CliRun json = await CliRun.Of(new RecordingEngine(), "profile", "check", image, profile, "--json");
        using JsonDocument document = JsonDocument.Parse(json.Out);
        Assert.Equal(
            "OSTCBCurr OSTCBTaskNam OS_Shed",
            string.Join(' ', document.RootElement.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("missing").GetString())));
    }

    [Theory]
    [InlineData("freertos", "unknown type 'struct tskTaskControlBlock'")]
    [InlineData("threadx", "unknown type 'struct TX_THREAD_STRUCT'")]
    [InlineData("nuttx", "unknown type 'struct tcb_s'")]
    public async Task Another_kernels_profile_does_not_fit(string name, string problem)
    {
        CliRun run = await CliRun.Of(
            new RecordingEngine(), "profile", "check", Checkout.File("guests", "rtos", "bin", "rtos.elf"), Checkout.File("scenarios", "profiles", name + ".yaml"));
        Assert.Equal(1, run.Code);
        Assert.Contains(problem, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("void", run.Out, StringComparison.Ordinal);
    }
}
