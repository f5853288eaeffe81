using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Alignment;

/// <summary>A log at its place beside others.</summary>
/// <param name="Log">The log.</param>
/// <param name="Scan">What is in it.</param>
/// <param name="FirstCpu">What its CPU 0 has become; the others follow.</param>
/// <param name="Clock">What becomes of its times.</param>
/// <param name="PidShift">What is added to its pids.</param>
/// <param name="Collisions">How many of its pids a log before it has too.</param>
public sealed record PlacedLog(IEventLog Log, LogScan Scan, int FirstCpu, ClockMap Clock, int PidShift, int Collisions)
{
    /// <summary>How its clock was fitted to that of the first log; null where the offset was given.</summary>
    public ClockFit? Fit { get; init; }

    /// <summary>Number of its CPUs.</summary>
    public int Cpus => Log.Guests.Sum(guest => guest.VcpuCores.Count);

    /// <summary>Time of its last event on the common timeline.</summary>
    public ulong End => (ulong)Int128.Max(0, Clock.Map(Scan.Last));

    /// <summary>Hands its events to a sink, as they are beside the others.</summary>
    public void Send(ITraceEventSink sink) => _ = Log.Send(new MovingSink(this, sink));

    /// <summary>Its guests as they are beside the others: a core for each vCPU, names apart from those taken.</summary>
    internal IEnumerable<GuestManifest> GuestsBeside(ISet<string> taken) => Log.Guests.Select(guest =>
    {
        string name = guest.Name;
        for (int i = 2; !taken.Add(name); i++)
        {
            name = $"{guest.Name}-{i}";
        }

        int first = FirstCpu + guest.FirstLinuxCpu;
        CoreId[] cores = [.. Enumerable.Range(first, guest.VcpuCores.Count).Select(cpu => new CoreId((byte)cpu))];
        return new GuestManifest(name, first, cores, guest.ProcessId == 0 ? 0 : guest.ProcessId + PidShift);
    });
}
