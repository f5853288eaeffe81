using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd;

/// <summary>The runs that tools are shown; each is made once for all tests.</summary>
internal static class WholeRuns
{
    public const string Paper = "the paper's scenario";
    private const string Small = "the small capture";
    private const string Android = "a real Android";
    private const string Capture = "$ACTORTRACE_CAPTURES/android-systrace-2core-arm.txt";

    private static readonly Dictionary<string, Lazy<ITraceSource>> Runs = new(StringComparer.Ordinal)
    {
        [Paper] = new(() => Run("arndale")),
        [Small] = new(() => Run("capture", (Capture, "captures/small-2core.txt"), ("duration: 5s", "duration: 600ms"))),
        [Android] = new(() => Run("capture")),
    };

    public static IEnumerable<string> Names => Runs.Keys;

    /// <summary>A run by its name; skips the test where its capture is not there.</summary>
    public static ITraceSource Of(string name)
    {
        Skip.If(name is Android && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES")), "ACTORTRACE_CAPTURES is not set");
        return Runs[name].Value;
    }

    private static MemorySource Run(string scenario, params (string From, string To)[] edits) => new(SimulatedRun.ByActors(scenario, edits).Journal);
}
