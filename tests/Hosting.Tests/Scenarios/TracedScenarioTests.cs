using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Hosting.Tests.Scenarios;

/// <summary>Scenarios with a profiler guest: tasks, control writes, profiles, pids.</summary>
public class TracedScenarioTests
{
    // The image of the workload guest plays no part in reading a scenario, so the RTOS image stands in for it.
    private const string Traced = """
        name: traced
        duration: 1s
        board: {preset: arndale}
        guests:
          - name: android
            kind: workload
            core: 0
            elf: rtos.elf
            profiler: true
            workload:
              tasks:
                - {name: system_server, pid: 2412, priority: 118, period: 33ms, offset: 9ms, work: 450us}
                - {name: spinner, pid: 7, behaviour: cpuBound}
              masked: [{at: 2ms, for: 1ms}, {at: 1ms, for: 100cycles}]
              scribble: [3ms]
          - name: ucos
            core: 1
            elf: rtos.elf
            profile: ucos2
        control:
          - {at: 60ms, file: trace/enable, value: 1}
          - {at: 50ms, file: trace/guest, value: ucos}
          - {at: 50ms, file: trace/probes, value: switch+wakeup}
        """;

    [Fact]
    public void Tasks_and_control_writes_are_read_in_the_order_of_time()
    {
        Scenario scenario = Load(Traced);
        WorkloadSpec workload = scenario.Guests[0].Workload!;
        Assert.Equal(new TaskSpec("system_server", 2412, 118, TaskBehaviour.Periodic, 56_100_000, 15_300_000, 765_000), workload.Tasks[0]);
        Assert.Equal(new TaskSpec("spinner", 7, 120, TaskBehaviour.CpuBound, 0, 0, 0), workload.Tasks[1]);
        Assert.Equal([new MaskedStretch(new VirtualInstant(1_700_000), 100), new MaskedStretch(new VirtualInstant(3_400_000), 1_700_000)], workload.MaskedStretches);
        Assert.Equal([new VirtualInstant(5_100_000)], workload.ScribbleAt);
        Assert.Equal("trace/guest trace/probes trace/enable", string.Join(' ', scenario.Control.Select(c => c.File)));
        Assert.Equal(new VirtualInstant(85_000_000), scenario.Control[0].At);
        Assert.Equal("profiles/ucos2.yaml rtos.elf", string.Join(' ', scenario.Files.Select(f => f.Path)));
        Assert.NotNull(scenario.Guests[1].Profile);
    }

    [Fact]
    public void The_pids_of_a_traced_guest_avoid_those_of_the_workload()
    {
        Assert.Equal([0, 3000], Load(Traced).Guests.Select(g => g.PidBase));
        Assert.Equal([0, 2000], Load(Traced.Replace("pid: 2412", "pid: 412", StringComparison.Ordinal)).Guests.Select(g => g.PidBase));
        Assert.Equal([0, 7000], Load(Traced.Replace("profile: ucos2", "profile: ucos2\n    pidBase: 7000", StringComparison.Ordinal)).Guests.Select(g => g.PidBase));
    }

    [Fact]
    public void No_trace_leaves_the_control_writes_out()
    {
        using var folder = new TempFolder();
        folder.Write("rtos.elf", ScenarioText.RtosImage);
        Assert.Empty(ScenarioLoader.LoadFile(folder.Write("s.yaml", Traced), new ScenarioChanges(null, NoTrace: true)).Control);
    }

    [Theory]
    [InlineData("value: ucos}", "value: ucso}", "s.yaml:22:42: there is no guest 'ucso' (guests: android, ucos)")]
    [InlineData("value: switch+wakeup", "value: swich", "s.yaml:23:43: the profile of 'ucos' has no probe set 'swich' (possible: switch, switch+wakeup)")]
    [InlineData("trace/probes, value: switch+wakeup", "trace/symbol, value: OSCtxSv", "s.yaml:23:43: 'rtos.elf' has no symbol 'OSCtxSv' (")]
    [InlineData("trace/probes, value: switch+wakeup", "trace/address, value: here", "s.yaml:23:44: 'here' is no address (e.g. 0x40008000)")]
    [InlineData("trace/enable, value: 1", "trace/enable, value: 2", "s.yaml:21:43: '2' is no value for trace/enable (")]
    [InlineData("trace/enable, value: 1", "trace/enabel, value: 1", "s.yaml:21:22: there is no control file 'trace/enabel' (possible: ")]
    [InlineData("trace/enable, value: 1", "trace/marker, value: \"a\\tb\"", "s.yaml:21:43: this is no marker (a marker is one line")]
    [InlineData("at: 50ms, file: trace/guest", "at: 55ms, file: trace/guest", "s.yaml:23:22: no guest is selected yet (write trace/guest first)")]
    [InlineData("pid: 7,", "pid: 2412,", "s.yaml:13:32: two tasks have pid 2412 (give each its own)")]
    [InlineData("name: spinner", "name: a-very-long-name", "s.yaml:13:18: 'a-very-long-name' is no task name (")]
    [InlineData("period: 33ms, ", "", "s.yaml:12:11: key 'period' is missing in 'guests[0].workload.tasks[0]' (")]
    [InlineData("profile: ucos2", "profile: mine", "profiles/mine.yaml:4:10: ")]
    [InlineData("profile: ucos2", "profile: ucos", "s.yaml:19:14: there is no profile 'ucos' (did you mean 'ucos2'?)")]
    public void A_mistake_is_told_in_one_line_with_place_and_mend(string replace, string with, string line)
    {
        InputException error = Assert.Throws<InputException>(() => Load(Traced.Replace(replace, with, StringComparison.Ordinal)));
        Assert.StartsWith(line, error.Message[(error.Message.StartsWith('/') ? error.Message.IndexOf("s.yaml", StringComparison.Ordinal) : 0)..], StringComparison.Ordinal);
        Assert.EndsWith(")", error.Message, StringComparison.Ordinal);
    }

    private static Scenario Load(string text)
    {
        using var folder = new TempFolder();
        folder.Write("rtos.elf", ScenarioText.RtosImage);
        folder.Write("profiles/mine.yaml", """
            name: mine
            taskType: struct os_tcb
            # The next line names a variable that the image has not.
            current: OSTCBCurrent
            task: {id: task->OSTCBPrio, name: task->OSTCBTaskName, priority: task->OSTCBPrio, state: '0', idle: '0'}
            probeSets: {switch: [{name: OSCtxSw, kind: switch}]}
            """);
        return ScenarioLoader.LoadFile(folder.Write("s.yaml", text), ScenarioChanges.None);
    }
}
