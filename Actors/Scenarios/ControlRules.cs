using System.Globalization;

namespace ActorTrace.Actors.Scenarios;

/// <summary>What can be said of the writes to the control tree before the run: they are followed as the profiler will follow them.</summary>
internal static class ControlRules
{
    private const string Files =
        "trace/guest, trace/symbol, trace/address, trace/probes, trace/filter, trace/start_ns, trace/end_ns, trace/enable, trace/status, trace/marker";

    /// <summary>All problems of the writes, in their order.</summary>
    public static IEnumerable<ScenarioProblem> Check(Scenario scenario)
    {
        if (scenario.Control.Count == 0)
        {
            yield break;
        }

        if (!scenario.Guests.Any(g => g.Profiler))
        {
            yield return new("control", "no guest has the trace profiler, so nobody can write its files", "add 'profiler: true' to the workload guest");
            yield break;
        }

        GuestSpec? target = null;
        for (int i = 0; i < scenario.Control.Count; i++)
        {
            ControlWrite write = scenario.Control[i];
            string path = string.Create(CultureInfo.InvariantCulture, $"control[{i}]");
            if (string.Equals(write.File, "trace/guest", StringComparison.Ordinal))
            {
                target = scenario.Guests.FirstOrDefault(g => string.Equals(g.Name, write.Value, StringComparison.Ordinal));
            }

            if (Problem(scenario, write, target) is { } problem)
            {
                yield return problem with { Path = $"{path}.{problem.Path}" };
            }
        }
    }

    private static ScenarioProblem? Problem(Scenario scenario, ControlWrite write, GuestSpec? target) => write.File switch
    {
        "trace/guest" => target is not null ? null
            : new("value", $"there is no guest '{write.Value}'", "guests: " + string.Join(", ", scenario.Guests.Select(g => g.Name))),
        "trace/symbol" => SymbolProblem(write, target),
        "trace/probes" => ProbesProblem(write, target),
        "trace/address" => AddressProblem(write.Value, target),
        "trace/filter" => ProbeFilterText.TryParse(write.Value, out _) ? null
            : new("value", $"'{write.Value}' is no filter", ProbeFilterText.Help),
        "trace/status" => string.Equals(write.Value, "read", StringComparison.Ordinal) ? null
            : new("value", "trace/status cannot be written", "the value read puts what stands there into the log"),
        "trace/start_ns" or "trace/end_ns" => ulong.TryParse(write.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
            : new("value", $"'{write.Value}' is no number of nanoseconds", "a whole number; 0 = at once, or never"),
        "trace/enable" => write.Value is "0" or "1" ? null
            : new("value", $"'{write.Value}' is no value for trace/enable", "1 arms what was selected, 0 removes all probes"),
        "trace/marker" => MarkerText.IsMarker(write.Value) ? null : new("value", "this is no marker", MarkerText.Help),
        _ => new("file", $"there is no control file '{write.File}'", "possible: " + Files),
    };

    private static ScenarioProblem? SymbolProblem(ControlWrite write, GuestSpec? target)
    {
        if (target is null)
        {
            return new("file", "no guest is selected yet", "write trace/guest first");
        }

        return ProbePlace.TryParseSymbol(target.Image, write.Value, out _, out string? problem) ? null
            : new("value", problem ?? $"'{target.Image.Name}' has no symbol '{write.Value}'", "a function of the guest, e.g. OSCtxSw, OSCtxSw+0x4 or OSTimeTick/return");
    }

    private static ScenarioProblem? ProbesProblem(ControlWrite write, GuestSpec? target)
    {
        if (target is null)
        {
            return new("file", "no guest is selected yet", "write trace/guest first");
        }

        if (target.Profile is null)
        {
            return new("value", $"guest '{target.Name}' has no kernel profile, so no probe sets", "add 'profile: ...' to the guest");
        }

        return target.Profile.TryFindProbeSet(write.Value, out _) ? null
            : new("value", $"the profile of '{target.Name}' has no probe set '{write.Value}'", "possible: " + string.Join(", ", target.Profile.ProbeSets.Select(s => s.Name)));
    }

    private static ScenarioProblem? AddressProblem(string value, GuestSpec? target)
    {
        if (target is null)
        {
            return new("file", "no guest is selected yet", "write trace/guest first");
        }

        return ProbePlace.TryParseAddress(target.Image, value, out _, out string? problem) ? null
            : new("value", problem ?? $"'{value}' is no address", "e.g. 0x40008000");
    }
}
