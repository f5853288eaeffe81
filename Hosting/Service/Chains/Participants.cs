using System.Globalization;
using ActorTrace.Actors.Simulation;

namespace ActorTrace.Hosting.Service.Chains;

/// <summary>Names of those who send messages. Those of actors are their paths below the run's own actor.</summary>
internal static class Participants
{
    public const string Gic = "gic";
    private const string CorePrefix = "core-";

    // The children of HypervisorActor.
    private static readonly Dictionary<Role, string> Services = new()
    {
        [Role.Scheduler] = "scheduler",
        [Role.VirtualDevices] = "devices",
        [Role.TraceControl] = "trace-control",
        [Role.Instrumentation] = "instrumentation",
        [Role.Extraction] = "extraction",
        [Role.Injection] = "injection",
        [Role.VirtualTimers] = "timers",
        [Role.Hypercalls] = "hypercalls",
    };

    /// <summary>A part of a core.</summary>
    public static string Of(Role role, int core) => role switch
    {
        Role.Core => Named(CorePrefix, core),
        Role.Router => Named(CorePrefix, core) + "/hyp",
        _ => $"{Named(CorePrefix, core)}/hyp/{Services[role]}",
    };

    /// <summary>The GPOS's interrupt service routine, converter or shell.</summary>
    public static string Software(string part, int core) => $"{Named(CorePrefix, core)}:{part}";

    /// <summary>A ring in shared memory.</summary>
    public static string Ring(int ring) => Named("ring:", ring);

    /// <summary>A lane of the trace buffer.</summary>
    public static string Lane(ulong lane) => string.Create(CultureInfo.InvariantCulture, $"lane:{lane}");

    /// <summary>Whether it is an actor.</summary>
    public static bool IsActor(string name) => !name.Contains(':', StringComparison.Ordinal);

    private static string Named(string prefix, int number) => prefix + number.ToString(CultureInfo.InvariantCulture);
}
