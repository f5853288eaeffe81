using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Validate;

/// <summary>A run of the guest that measures single operations, with the stretches of time that it marked.</summary>
internal sealed partial class MeasuringGuest
{
    /// <summary>The loops of guests/micro, in the order in which core 0 runs them.</summary>
    private static readonly string[] Loops =
    [
        "nothing", "hypercall", "hypercall-loop", "device-access", "device-access-loop", "interface-access", "interface-access-loop", "acknowledge-end", "acknowledge-end-loop",
        "first-round-trip", "interrupt-between-cores", "interrupt-between-cores-loop",
    ];

    private const ulong Mark = 0xFFFF;
    private readonly Dictionary<string, (ulong Operations, ulong Cycles)> printed;

    public MeasuringGuest(string scenario)
    {
        Run = SimulatedRun.ByActors("validate/" + scenario);
        printed = Printed(Run.Console("micro"));
    }

    public SimulatedRun Run { get; }

    public static Dictionary<string, (ulong Operations, ulong Cycles)> Printed(string console) => Line().Matches(console).ToDictionary(
        m => m.Groups["name"].Value, m => (Number(m, "operations"), Number(m, "cycles")), StringComparer.Ordinal);

    /// <summary>How often the guest says that it did something, and the cycles that it says this took.</summary>
    public (ulong Operations, ulong Cycles) this[string measurement] => printed[measurement];

    /// <summary>The steps of both cores between the two hypercalls by which the guest marks a loop.</summary>
    public StepRecord[] Between(string loop)
    {
        StepRecord[] first = Steps(0);
        StepRecord[] marks = [.. first.Where(s => s.Step == StepKind.Hypercall && s.Detail == Mark)];
        Assert.Equal(2 * Loops.Length, marks.Length);
        int index = 2 * Array.IndexOf(Loops, loop);
        StepRecord resumed = first.First(s => s.Step == StepKind.Resume && s.Start >= marks[index].End);
        StepRecord left = first.Last(s => s.Step == StepKind.Trap && s.End <= marks[index + 1].Start);
        return [.. first.Concat(Steps(1)).Where(s => s.Start >= resumed.End && s.End <= left.Start).OrderBy(s => s.Start)];
    }

    private StepRecord[] Steps(int core) => [.. Run.Records<StepRecord>(StreamNames.Core(core))];

    private static ulong Number(Match line, string group) => ulong.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^measured: (?<name>[a-z0-9-]+) operations=(?<operations>[0-9]+) cycles=(?<cycles>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex Line();
}
