using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.TraceControl;

/// <summary>A trace session: a probe and what is known of its state.</summary>
/// <param name="definition">The probe.</param>
public sealed class TraceSession(ProbeDefinition definition)
{
    /// <summary>The probe.</summary>
    public ProbeDefinition Definition { get; } = definition;

    /// <summary>Its state as its guest's core last reported it.</summary>
    public ProbeState State { get; set; } = ProbeState.Installing;

    /// <summary>Its guest's core was asked to install it: its start time has come.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Why it was refused, as reported.</summary>
    public ProbeError Error { get; set; }
}

/// <summary>The list of trace sessions; lives on the GPOS's core.</summary>
public sealed class GuestTraceManager
{
    /// <summary>Probes at once, over all guests.</summary>
    public const int Quota = 4096;

    private readonly SortedDictionary<ushort, TraceSession> sessions = [];
    private readonly Dictionary<(GuestId Guest, GuestVa Address, ProbeKind Kind, bool OnReturn), TraceSession> places = [];
    private ushort last;

    /// <summary>Sessions whose probe is not removed, ascending.</summary>
    public IEnumerable<TraceSession> Live => sessions.Values.Where(s => s.State != ProbeState.Removed);

    /// <summary>Sessions of which no other core knows: their start time has not come, or they were removed before.</summary>
    public IEnumerable<TraceSession> NotBegun => sessions.Values.Where(s => !s.HasBegun);

    /// <summary>The number the last added probe got; 0 before the first.</summary>
    public ushort LastNumber => last;

    /// <summary>All probe numbers of a run are used up.</summary>
    public bool IsExhausted => last == ushort.MaxValue;

    /// <summary>How many they are.</summary>
    public int LiveCount => places.Count;

    /// <summary>The live session of the same kind at the same place as another, or null.</summary>
    public TraceSession? At(ProbeDefinition wish) => places.GetValueOrDefault(Place(wish));

    /// <summary>The session with a number, or null.</summary>
    public TraceSession? Find(ushort number) => sessions.GetValueOrDefault(number);

    /// <summary>Adds a session; numbers count from 1 and are not used again.</summary>
    /// <param name="wish">The probe; its number is not looked at.</param>
    public TraceSession Add(ProbeDefinition wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        last++;
        TraceSession session = new(wish with { Number = last });
        sessions.Add(last, session);
        places.Add(Place(wish), session);
        return session;
    }

    /// <summary>Takes a report of a probe's state.</summary>
    public void Update(ProbeStateReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (sessions.TryGetValue(report.Probe, out TraceSession? session))
        {
            (session.State, session.Error) = (report.State, report.Error);
            if (report.State == ProbeState.Removed)
            {
                places.Remove(Place(session.Definition));
            }
        }
    }

    private static (GuestId Guest, GuestVa Address, ProbeKind Kind, bool OnReturn) Place(ProbeDefinition probe) =>
        (probe.Guest, probe.Address, probe.Kind, probe.OnReturn);
}
