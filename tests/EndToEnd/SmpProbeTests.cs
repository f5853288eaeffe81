using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Profiles;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Probes in code that two cores of one guest execute (guests/rtos/smp: both add to a word under a lock).</summary>
public sealed class SmpProbeTests
{
    private const string Mark = "ActorTrace smp: done";

    // The guest has no tasks: all that is read is that there is none.
    private static readonly KernelProfile NoTasks = new()
    {
        Name = "none",
        TaskType = "struct none",
        Current = "0",
        Task = new TaskFields { Id = "0", Name = "(char *)0", Priority = "0", State = "0", Idle = "task == 0" },
        Structs = [new StructLayout("none", 4, [])],
        ProbeSets = [new ProbeSet("switch", [])],
    };

    [Theory]
    [InlineData("cores: [0, 1]", "arndale", 500, 40_000)]
    [InlineData("core: 0", "zero", 100, 4_000)]
    public void A_probe_is_installed_and_removed_while_both_vCPUs_execute_that_code_and_the_guest_does_not_notice(
        string cores, string costs, int everyMicroseconds, int endMicroseconds)
    {
        Scenario plain = Guest(cores, costs);
        List<ControlWrite> control = [new(At(plain, 1), "trace/guest", "smp"), new(At(plain, 1), "trace/symbol", "atomic_add")];
        for (int i = everyMicroseconds; i < endMicroseconds; i += 2 * everyMicroseconds)
        {
            control.Add(new ControlWrite(At(plain, i), "trace/enable", "1"));
            control.Add(new ControlWrite(At(plain, i + everyMicroseconds), "trace/enable", "0"));
        }

        string expected = Timeless(SimulatedRun.ByActors(plain, 2));
        SimulatedRun run = SimulatedRun.ByActors(plain with { Control = control }, 2);
        Assert.Equal(expected, Timeless(run));
        Assert.Contains(run.Probes, p => p.Hits > 0);
        Assert.All(run.Probes, p => Assert.True(p.Balances && p.Status is "removed", p.ToString()));
        byte[] seen = [.. run.Board.Topology.Rings.Where(r => r.Vcpu.Guest.Index == 1)
            .SelectMany(r => run.Records<FunctionHitRecord>(StreamNames.Lane(r.Lane))).Select(h => h.Vcpu.Index).Distinct().Order()];
        Assert.Equal([0, 1], seen);
    }

    private static Machine.Values.VirtualInstant At(Scenario scenario, int microseconds) =>
        scenario.Board.Clock.FromNanoseconds((ulong)microseconds * 1_000);

    private static Scenario Guest(string cores, string costs)
    {
        Scenario read = SimulatedRun.LoadText(Workspace.Scenario("smp"), $$"""
            name: smp
            duration: 200ms
            hypervisor: {slice: 1ms}
            board: {preset: arndale, cores: 3, costs: {preset: {{costs}} } }
            guests:
              - {name: android, kind: workload, core: 2, elf: ../guests/gpos/bin/gpos.elf, profile: actortrace-gpos, profiler: true,
                 workload: {tasks: [{name: init, pid: 1, priority: 120, behaviour: once, offset: 5ms, work: 400us}]} }
              - {name: smp, vcpus: 2, {{cores}}, elf: ../guests/rtos/bin/smp.elf}
            trace: {ringSlots: 65536}
            """);
        GuestSpec smp = read.Guests[1];
        return read with { Guests = [read.Guests[0], smp with { Profile = CompiledProfile.Bind(NoTasks, smp.Image) }] };
    }

    private static string Timeless(SimulatedRun run)
    {
        string console = run.Console("smp");
        Assert.Contains(Mark, console, StringComparison.Ordinal);
        return string.Join('\n', console.Split('\n').Where(l => !l.StartsWith(Mark, StringComparison.Ordinal)));
    }
}
