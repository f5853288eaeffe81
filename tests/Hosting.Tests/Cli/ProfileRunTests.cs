using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Hosting.Cli;
using Xunit;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>Profiles of a user's own in a real run, against the one that is shipped for the same kernel.</summary>
public partial class ProfileRunTests
{
    private const string Scenario = """
        name: profiled
        duration: 120ms
        board: {preset: arndale}
        guests:
          - name: android
            kind: workload
            core: 0
            elf: GPOS
            profiler: true
            workload:
              tasks: [{name: system_server, pid: 412, priority: 118, period: 33ms, offset: 9ms, work: 450us}]
          - {name: ucos, core: 1, elf: RTOS, profile: PROFILE}
        control:
          - {at: 10ms, file: trace/guest, value: ucos}
          - {at: 10ms, file: trace/probes, value: switch}
          - {at: 10ms, file: trace/enable, value: 1}
        """;

    [Fact]
    public async Task The_ten_lines_of_the_documentation_trace_the_same_switches()
    {
        string page = await File.ReadAllTextAsync(Checkout.File("docs", "PROFILES.md"));
        string[] lines = page.Split("```yaml\n")[1].Split("```")[0].TrimEnd().Split('\n');
        Assert.Equal(10, lines.Length);
        using var folder = new TempFolder();
        folder.Write("profiles/my-kernel.yaml", string.Join('\n', lines));
        Switch[] shipped = await Run(folder, "ucos2");
        Switch[] own = await Run(folder, "my-kernel");
        Assert.True(shipped.Length > 20, $"{shipped.Length} switches");

        // A shorter profile reads less memory, so what comes after a hit comes a little earlier.
        Assert.Equal(
            shipped.Select(s => s with { At = 0, PrevPid = 0, NextPid = 0 }),
            own.Select(s => s with { At = 0, PrevPid = 0, NextPid = 0 }));

        // Without a number of the kernel's own the tasks are numbered as they appear.
        Assert.Equal(
            own.SelectMany(s => new[] { s.PrevPid, s.NextPid }).Where(pid => pid != 0).Distinct().Count(),
            shipped.SelectMany(s => new[] { s.PrevPid, s.NextPid }).Where(pid => pid != 0).Distinct().Count());
        int first = own.Select(s => s.PrevPid).First(pid => pid != 0);
        Assert.Equal(2500, first);
    }

    [Theory]
    [InlineData("at the places of the switch", "")]
    [InlineData("when a hook has returned", "  switch: [{ name: OSTaskSwHook, kind: switch, on: return }]\n")]
    public async Task A_kernel_that_names_only_the_task_that_comes_has_the_same_switches_but_the_first(string where, string probes)
    {
        using var folder = new TempFolder();
        string text = (await File.ReadAllTextAsync(Checkout.File("scenarios", "profiles", "ucos2.yaml")))
            .Replace("name: ucos2", "name: coming", StringComparison.Ordinal)
            .Replace("current: OSTCBCur", "current: OSTCBHighRdy", StringComparison.Ordinal)
            .Replace("next: OSTCBHighRdy", "running: OSTCBCur", StringComparison.Ordinal);
        folder.Write("profiles/coming.yaml", probes.Length == 0 ? text : text[..text.IndexOf("  # The paper's set", StringComparison.Ordinal)] + probes);
        Switch[] pairs = await Run(folder, "ucos2");
        Switch[] coming = await Run(folder, "coming");
        Assert.True(pairs.Length > 20, $"{pairs.Length} switches {where}");
        Assert.Equal(
            pairs.Skip(1).Select(s => s with { At = 0 }),
            coming.Select(s => s with { At = 0 }));
        for (int i = 1; i < coming.Length; i++)
        {
            Assert.Equal(coming[i - 1].Next, coming[i].Prev);
        }
    }

    private static async Task<Switch[]> Run(TempFolder folder, string profile)
    {
        string scenario = folder.Write(profile + ".yaml", Scenario
            .Replace("GPOS", Checkout.File("guests", "gpos", "bin", "gpos.elf"), StringComparison.Ordinal)
            .Replace("RTOS", Checkout.File("guests", "rtos", "bin", "rtos.elf"), StringComparison.Ordinal)
            .Replace("PROFILE", profile, StringComparison.Ordinal));
        string journal = Path.Combine(folder.Path, profile + ".atj");
        CliRun run = await CliRun.Of(new SimulationEngine(), "run", scenario, "--journal", journal, "--threads", "1");
        Assert.True(run.Code == 0, run.Error);
        CliRun replay = await CliRun.Of(new SimulationEngine(), "replay", journal, "--to", "ftrace", "-o", "-");
        Assert.True(replay.Code == 0, replay.Error);
        return [.. SwitchLine().Matches(replay.Out).Select(Parse)];
    }

    private static Switch Parse(Match m)
    {
        int Number(string group) => int.Parse(m.Groups[group].Value, CultureInfo.InvariantCulture);
        return new Switch(
            decimal.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture), m.Groups["prev"].Value, Number("prevPid"), Number("prevPrio"),
            m.Groups["state"].Value, m.Groups["next"].Value, Number("nextPid"), Number("nextPrio"));
    }

    [GeneratedRegex(
        @"\[001\].* (?<at>\d+\.\d+): sched_switch: prev_comm=(?<prev>.*) prev_pid=(?<prevPid>\d+) prev_prio=(?<prevPrio>\d+) prev_state=(?<state>\S+) ==> next_comm=(?<next>.*) next_pid=(?<nextPid>\d+) next_prio=(?<nextPrio>\d+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SwitchLine();

    private sealed record Switch(decimal At, string Prev, int PrevPid, int PrevPriority, string State, string Next, int NextPid, int NextPriority);
}
