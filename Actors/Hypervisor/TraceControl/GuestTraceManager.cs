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
}

/// <summary>The list of trace sessions; lives on the GPOS's core.</summary>
public sealed class GuestTraceManager
{
    /// <summary>Probes at once, over all guests.</summary>
    public const int Quota = 4096;

    private readonly SortedDictionary<ushort, TraceSession> sessions = [];
    private ushort last;

    /// <summary>Sessions whose probe is not removed, ascending.</summary>
    public IEnumerable<TraceSession> Live => sessions.Values.Where(s => s.State != ProbeState.Removed);

    /// <summary>The number the last added probe got; 0 before the first.</summary>
    public ushort LastNumber => last;

    /// <summary>All probe numbers of a run are used up.</summary>
    public bool IsExhausted => last == ushort.MaxValue;

    /// <summary>The live session at an address of a guest, or null.</summary>
    public TraceSession? At(GuestId guest, GuestVa address) =>
        Live.FirstOrDefault(s => s.Definition.Guest == guest && s.Definition.Address == address);

    /// <summary>The session with a number, or null.</summary>
    public TraceSession? Find(ushort number) => sessions.GetValueOrDefault(number);

    /// <summary>Adds a session; numbers count from 1 and are not used again.</summary>
    public TraceSession Add(GuestId guest, GuestVa address, ProbeKind kind, VirtualInstant start, VirtualInstant end)
    {
        last++;
        TraceSession session = new(new ProbeDefinition(last, guest, address, kind, start, end));
        sessions.Add(last, session);
        return session;
    }

    /// <summary>Takes a report of a probe's state.</summary>
    public void Update(ProbeStateReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (sessions.TryGetValue(report.Probe, out TraceSession? session))
        {
            session.State = report.State;
        }
    }
}
