using System.Globalization;

namespace ActorTrace.Traces.Binary;

/// <summary>Names of a run's streams without the run id; a stream's persistence id is "run-{id}-{name}".</summary>
public static class StreamNames
{
    /// <summary>The manifest with everything that went into the run.</summary>
    public const string Inputs = "inputs";

    /// <summary>Commands, probe counts, the end of the run.</summary>
    public const string Control = "control";

    /// <summary>What was written to the control files from outside while the run was simulated.</summary>
    public const string Commands = "commands";

    /// <summary>What the hypervisor did on a core, and its guests' consoles and states.</summary>
    public static string Core(int core) => string.Create(CultureInfo.InvariantCulture, $"core-{core}");

    /// <summary>A lane of the trace buffer.</summary>
    public static string Lane(int lane) => string.Create(CultureInfo.InvariantCulture, $"lane-{lane}");
}
