using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Images;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>What is traced in a world.</summary>
public enum OverheadTracing
{
    /// <summary>There is no hypervisor.</summary>
    Native,

    /// <summary>Nobody has ever asked for a trace.</summary>
    Untraced,

    /// <summary>Every probe was armed and removed again before the benchmark begins.</summary>
    Stopped,

    /// <summary>The probes of the profile's set `switch`.</summary>
    Switches,

    /// <summary>A probe on the entry of every function of the image.</summary>
    AllFunctions,
}

/// <summary>A world in which the benchmarks are run.</summary>
/// <param name="Name">Its name in every output.</param>
/// <param name="Tracing">What is traced.</param>
public sealed record OverheadWorld(string Name, OverheadTracing Tracing)
{
    /// <summary>The benchmark guest's name in the scenario.</summary>
    public const string Guest = "bench";

    private const ulong ArmMilliseconds = 20;
    private const ulong StopMilliseconds = 60;

    /// <summary>The worlds of the table.</summary>
    public static IReadOnlyList<OverheadWorld> All { get; } =
    [
        new("native", OverheadTracing.Native),
        new("tracing-off", OverheadTracing.Stopped),
        new("context-switch-probe", OverheadTracing.Switches),
        new("all-functions", OverheadTracing.AllFunctions),
    ];

    /// <summary>What all are compared with: the hypervisor, and no trace was ever asked for.</summary>
    public static OverheadWorld Base { get; } = new("untraced", OverheadTracing.Untraced);

    /// <summary>A scenario of this world.</summary>
    /// <param name="scenario">Android and the benchmark guest (scenarios/overhead.yaml).</param>
    /// <param name="benchmark">Which benchmark.</param>
    /// <param name="iterations">How often.</param>
    /// <param name="costs">What the hypervisor's actions cost.</param>
    public Scenario Apply(Scenario scenario, OverheadBenchmark benchmark, uint iterations, CostTable costs)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        bool native = Tracing == OverheadTracing.Native;
        GuestSpec[] guests =
        [
            .. scenario.Guests.Select(g => string.Equals(g.Name, Guest, StringComparison.Ordinal)
                ? g with { Image = BenchGuest.With(g.Image, benchmark, iterations, scenario.Board.Clock) }
                : native ? g with { Profiler = false, PidBase = 1 } : g),
        ];
        ElfImage image = guests.Single(g => string.Equals(g.Name, Guest, StringComparison.Ordinal)).Image;
        return scenario with
        {
            Hypervisor = !native,
            Guests = guests,
            Board = scenario.Board with { Costs = costs },
            Control = [.. Writes(image).Select(w => new ControlWrite(scenario.Board.Clock.FromNanoseconds(w.Milliseconds * 1_000_000), w.File, w.Value))],
            Files = [.. scenario.Files.Select(f => f.Path.EndsWith(image.Name, StringComparison.Ordinal) ? f with { Content = image.Bytes } : f)],
        };
    }

    private IEnumerable<(ulong Milliseconds, string File, string Value)> Writes(ElfImage image)
    {
        if (Tracing is OverheadTracing.Native or OverheadTracing.Untraced)
        {
            yield break;
        }

        yield return (ArmMilliseconds, "trace/guest", Guest);
        if (Tracing is OverheadTracing.Switches)
        {
            yield return (ArmMilliseconds, "trace/probes", "switch");
            yield return (ArmMilliseconds, "trace/enable", "1");
        }
        else
        {
            foreach (uint address in Functions(image))
            {
                yield return (ArmMilliseconds, "trace/address", string.Create(CultureInfo.InvariantCulture, $"0x{address:x8}"));
                yield return (ArmMilliseconds, "trace/enable", "1");
            }
        }

        if (Tracing is OverheadTracing.Stopped)
        {
            yield return (StopMilliseconds, "trace/enable", "0");
        }
    }

    /// <summary>The entries of an image's functions, each once.</summary>
    private static IEnumerable<uint> Functions(ElfImage image) =>
        image.Symbols.All.Where(s => s.Kind == ElfSymbolKind.Function).Select(s => s.Address.Value | (s.Thumb ? 1u : 0)).Distinct();
}
