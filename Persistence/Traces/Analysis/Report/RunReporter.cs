using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Computes a <see cref="TraceReport"/>: the figures of tasks from the events of the gpos view, those of the hypervisor from the records.</summary>
public static class RunReporter
{
    /// <summary>Reads a recorded run, twice.</summary>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static TraceReport Report(ITraceSource source, ReportOptions options)
    {
        var replay = new Replay(source, TraceView.Gpos);
        var analysis = new TaskAnalysis(replay.Cpus, options);
        _ = replay.Send(analysis);
        var guests = new string[replay.Cpus];
        Array.Fill(guests, string.Empty);
        foreach (GuestManifest guest in source.Manifest.Guests)
        {
            Array.Fill(guests, guest.Name, guest.FirstLinuxCpu, guest.VcpuCores.Count);
        }

        return analysis.Report(source.Manifest.Name, guests, HypervisorAnalysis.Read(source, options));
    }
}
