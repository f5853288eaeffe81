using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using Xunit;

namespace ActorTrace.Hosting.Tests.Scenarios;

public class CaptureFileTests
{
    private const string Driven = """
        name: driven
        duration: 1s
        board: {preset: arndale}
        guests:
          - name: android
            kind: workload
            core: 0
            elf: rtos.elf
            profiler: true
            workload:
              capture: {file: load.txt, cpu: 0}
        """;

    private const string Capture = """
        # tracer: nop
        #
                   adbd-100   [000]    10.000100: sched_switch: prev_comm=adbd prev_pid=100 prev_prio=120 prev_state=S ==> next_comm=logd next_pid=200 next_prio=120
                   logd-200   [000]    10.000350: sched_switch: prev_comm=logd prev_pid=200 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
                 <idle>-0     [000]    10.001000: sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=adbd next_pid=100 next_prio=120

        """;

    [Fact]
    public void The_bursts_of_a_capture_drive_the_guest()
    {
        Scenario scenario = Load(Driven, Capture);
        CapturedBurst logd = scenario.Guests[0].Workload!.Bursts.First(b => b.Pid == 200);
        Assert.Equal((0ul, 425_000ul), (logd.Start.Cycles, logd.WorkCycles)); // 250 us at 1.7 GHz
        Assert.Contains(scenario.Files, f => f.Path is "load.txt");
    }

    [Fact]
    public void A_file_that_is_no_capture_is_an_error_with_its_name()
    {
        InputException error = Assert.Throws<InputException>(() => Load(Driven, "this is no capture\n"));
        Assert.StartsWith("load.txt", error.Place, StringComparison.Ordinal);
        Assert.Contains("s.yaml:11:16", error.Mend, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_capture_without_its_variable_is_an_error_at_its_key()
    {
        string text = Driven.Replace("load.txt", "$ACTORTRACE_CAPTURE/load.txt", StringComparison.Ordinal);
        Assert.EndsWith("s.yaml:11:23", Assert.Throws<InputException>(() => Load(text, Capture)).Place, StringComparison.Ordinal);
    }

    private static Scenario Load(string text, string capture)
    {
        using var folder = new TempFolder();
        folder.Write("rtos.elf", ScenarioText.RtosImage);
        folder.Write("load.txt", capture);
        return ScenarioLoader.LoadFile(folder.Write("s.yaml", text), ScenarioChanges.None);
    }
}
