using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Computes a <see cref="TraceReport"/>: the figures of tasks from events, those of the hypervisor from a journal's records.</summary>
public static class Reporter
{
    /// <summary>Reports a recorded run: its gpos view, and the records of its hypervisor; each is read once.</summary>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static TraceReport OfRun(ITraceSource source, ReportOptions options)
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

    /// <summary>Reports a trace file, read once. What only a journal holds is not in the report.</summary>
    /// <param name="name">What the report is to be called.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">The window, and the deadlines.</param>
    /// <exception cref="TraceFileException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TraceReport OfFile(string name, TraceFile file, ReportOptions options)
    {
        var analysis = new TaskAnalysis(file.Cpus, options);
        _ = file.Send(analysis, new EventTypes());
        return analysis.Report(name, guests: [], hypervisor: null);
    }
}
