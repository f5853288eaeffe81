using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>A traced twin that is asked for.</summary>
/// <param name="Name">What tells it from the others.</param>
/// <param name="Scenario">The scenario with its control writes.</param>
internal sealed record TwinVariant(string Name, Scenario Scenario);

/// <summary>What the command line of `compare` asks for.</summary>
/// <param name="Probes">Values of --probe.</param>
/// <param name="Sets">Values of --probes.</param>
/// <param name="Every">Filters to try each of them with too.</param>
/// <param name="Deadlines">Deadlines by task.</param>
internal sealed record CompareRequest(
    IReadOnlyList<string> Probes, IReadOnlyList<string> Sets, IReadOnlyList<uint> Every, IReadOnlyDictionary<string, TimeQuantity> Deadlines)
{
    /// <summary>The option for places.</summary>
    public const string ProbeOption = "--probe";

    /// <summary>The option for probe sets.</summary>
    public const string SetOption = "--probes";

    /// <summary>The option for filters.</summary>
    public const string EveryOption = "--every";

    private const string OwnName = "the scenario's own";

    /// <summary>The numbers that --every gives.</summary>
    public static IReadOnlyList<uint> ParseEvery(IReadOnlyList<string> values) =>
    [
        .. values.Select(text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint n) && n > 1
            ? n
            : throw new InputException(EveryOption, $"'{text}' is no filter", "a whole number from 2 on: every N-th hit is recorded")),
    ];

    /// <summary>The traced twins of a scenario.</summary>
    /// <exception cref="InputException">A probe cannot be asked for, or the filters have nothing to filter.</exception>
    public IReadOnlyList<TwinVariant> Variants(Scenario scenario)
    {
        (string Option, string Text)[] asked = [.. Probes.Select(text => (ProbeOption, text)), .. Sets.Select(text => (SetOption, text))];
        if (asked.Length == 0)
        {
            return Every.Count > 0
                ? throw new InputException(EveryOption, "there is no probe to filter", $"add {ProbeOption} or {SetOption}")
                : scenario.Control.Count == 0 ? [] : [new TwinVariant(OwnName, scenario)];
        }

        // When the scenario asks for its own, so that nothing but the probes differs; else at once.
        VirtualInstant at = scenario.Control is [{ } first, ..] ? first.At : VirtualInstant.Zero;
        return [.. asked.SelectMany(a => Every.Prepend(1u).Select(n => Variant(scenario, a.Option, a.Text, n, at)))];
    }

    private static TwinVariant Variant(Scenario scenario, string option, string text, uint every, VirtualInstant at)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
        {
            throw new InputException(
                option, $"'{text}' names no probe", string.Equals(option, SetOption, StringComparison.Ordinal) ? "write GUEST:SET, e.g. ucos:switch" : "write GUEST:PLACE, e.g. ucos:OSCtxSw");
        }

        List<ControlWrite> writes = [new(at, "trace/guest", text[..colon])];
        if (every > 1)
        {
            writes.Add(new(at, "trace/filter", string.Create(CultureInfo.InvariantCulture, $"every={every}")));
        }

        string what = text[(colon + 1)..];
        (string File, string Value)[] places = string.Equals(option, SetOption, StringComparison.Ordinal)
            ? [("trace/probes", what)]
            : [.. what.Split(',').Select(place => (char.IsAsciiDigit(place.FirstOrDefault()) ? "trace/address" : "trace/symbol", place))];
        foreach ((string file, string value) in places)
        {
            writes.Add(new(at, file, value));
            writes.Add(new(at, "trace/enable", "1"));
        }

        Scenario traced = scenario with { Control = writes };
        return ScenarioRules.Check(traced) is [{ } problem, ..]
            ? throw new InputException(option, problem.What, problem.Mend)
            : new TwinVariant(every > 1 ? string.Create(CultureInfo.InvariantCulture, $"{text} every={every}") : text, traced);
    }
}
