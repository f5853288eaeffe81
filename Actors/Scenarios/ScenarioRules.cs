using System.Globalization;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>What must hold between the parts of a scenario, whatever it was read from.</summary>
public static class ScenarioRules
{
    private const int MaxNameLength = 40;
    private const int MaxGuests = 8;
    private const int PidRange = 1000;

    /// <summary>All problems, in the order of the scenario; empty where it can be run.</summary>
    public static IReadOnlyList<ScenarioProblem> Check(Scenario scenario) =>
    [
        .. CheckWhole(scenario),
        .. CheckBoard(scenario.Board),
        .. scenario.Guests.SelectMany((g, i) => CheckGuest(scenario, g, i)),
        .. CheckGuestsTogether(scenario),
        .. ControlRules.Check(scenario),
    ];

    private static IEnumerable<ScenarioProblem> CheckWhole(Scenario scenario)
    {
        if (!IsName(scenario.Name))
        {
            yield return new("name", $"'{scenario.Name}' is no name", "1 to 40 of a-z, 0-9 and '-'");
        }

        if (scenario.Duration.Cycles == 0)
        {
            yield return new("duration", "the duration is 0", "write a time above 0, e.g. 2s");
        }

        if (scenario.SliceCycles == 0)
        {
            yield return new("hypervisor.slice", "the slice is 0", "write a time above 0, e.g. 5ms");
        }

        if (scenario.Guests.Count is 0 or > MaxGuests)
        {
            yield return new("guests", $"there are {scenario.Guests.Count} guests", $"1 to {MaxGuests} can be run");
        }

        if (!int.IsPow2(scenario.Trace.RingSlots) || scenario.Trace.RingSlots is < 4 or > 65536)
        {
            yield return new("trace.ringSlots", $"a ring cannot have {scenario.Trace.RingSlots} slots", "a power of two from 4 to 65536");
        }
    }

    private static IEnumerable<ScenarioProblem> CheckBoard(BoardSpec board)
    {
        if (board.Cores is < 1 or > 8)
        {
            yield return new("board.cores", $"a board cannot have {board.Cores} cores", "1 to 8");
        }

        if (board.SgiLatency == 0)
        {
            yield return new("board.sgiLatency", "an SGI cannot arrive at the instant it is sent", "write at least 1cycles");
        }

        if (board.MaxWindow == 0)
        {
            yield return new("board.maxWindow", "a window cannot be empty", "write at least 1cycles, e.g. 1ms");
        }

        if (board.Clock.TimerHz > board.Clock.CoreHz)
        {
            yield return new("board.clock.timer", "the timer is faster than the core", "its frequency is at most that of the core");
        }
    }

    private static IEnumerable<ScenarioProblem> CheckGuest(Scenario scenario, GuestSpec guest, int index)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"guests[{index}]");
        if (!IsName(guest.Name))
        {
            yield return new($"{path}.name", $"'{guest.Name}' is no name", "1 to 40 of a-z, 0-9 and '-'");
        }

        foreach (CoreId core in guest.VcpuCores.Where(c => c.Index >= scenario.Board.Cores).Take(1))
        {
            yield return new(
                guest.VcpuCores.Count > 1 ? $"{path}.cores" : $"{path}.core", $"the board has no core {core.Index}", $"its cores are 0 to {scenario.Board.Cores - 1}");
        }

        if (guest.VcpuCores.Count > 1 && guest.Workload is not null)
        {
            yield return new($"{path}.vcpus", "a workload guest has one vCPU", "remove 'vcpus'");
        }

        if (guest.VcpuCores.Count > 1 && !scenario.Hypervisor)
        {
            yield return new($"{path}.vcpus", "without a hypervisor a guest has one core", "remove 'vcpus' or 'hypervisor: none'");
        }

        if (guest.Profiler && guest.Workload is null)
        {
            yield return new($"{path}.profiler", "only a workload guest has the trace profiler", "add 'kind: workload' or remove 'profiler'");
        }

        if (guest.Profiler && !scenario.Hypervisor)
        {
            yield return new($"{path}.profiler", "without a hypervisor nothing can be traced", "remove 'profiler' or 'hypervisor: none'");
        }

        if (!guest.Profiler && guest.PidBase is < 1 or > 4_000_000)
        {
            yield return new($"{path}.pidBase", $"{guest.PidBase} is no base of pids", "1 to 4000000, e.g. 2000");
        }

        foreach (ScenarioProblem problem in MemoryRules.Check(guest, path))
        {
            yield return problem;
        }

        foreach (ScenarioProblem problem in CheckPids(guest, path))
        {
            yield return problem;
        }
    }

    private static IEnumerable<ScenarioProblem> CheckPids(GuestSpec guest, string path)
    {
        var seen = new HashSet<int>();
        IReadOnlyList<TaskSpec> tasks = guest.Workload?.Tasks ?? [];
        for (int i = 0; i < tasks.Count; i++)
        {
            if (!seen.Add(tasks[i].Pid))
            {
                yield return new($"{path}.workload.tasks[{i}].pid", $"two tasks have pid {tasks[i].Pid}", "give each its own");
            }
        }
    }

    private static IEnumerable<ScenarioProblem> CheckGuestsTogether(Scenario scenario)
    {
        for (int i = 0; i < scenario.Guests.Count; i++)
        {
            GuestSpec guest = scenario.Guests[i];
            string path = string.Create(CultureInfo.InvariantCulture, $"guests[{i}]");
            foreach (GuestSpec earlier in scenario.Guests.Take(i))
            {
                if (string.Equals(guest.Name, earlier.Name, StringComparison.Ordinal))
                {
                    yield return new($"{path}.name", $"two guests are named '{guest.Name}'", "give each its own name");
                }

                if (guest.Profiler && earlier.Profiler)
                {
                    yield return new($"{path}.profiler", "two guests have the trace profiler", "exactly one can have it");
                }

                if (!scenario.Hypervisor && guest.Core == earlier.Core)
                {
                    yield return new($"{path}.core", $"two guests are on {guest.Core} without a hypervisor", "give each a core of its own");
                }

                if (!guest.Profiler && !earlier.Profiler && Math.Abs((long)guest.PidBase - earlier.PidBase) < PidRange)
                {
                    yield return new($"{path}.pidBase", $"its pids overlap those of '{earlier.Name}'", $"keep {PidRange} between two bases");
                }
            }
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
