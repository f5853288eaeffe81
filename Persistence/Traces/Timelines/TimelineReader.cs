using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Timelines;

/// <summary>Reads timelines.</summary>
public static class TimelineReader
{
    /// <summary>The timeline of a recorded run: the CPUs and tasks of the gpos view, the hypervisor of the board view, and what led to what.</summary>
    /// <exception cref="TimelineTooLongException">The window holds more than <see cref="Timeline.MostEvents"/>.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static Timeline OfRun(ITraceSource source, TimelineWindow window)
    {
        RunManifest manifest = source.Manifest;
        var builder = new TimelineBuilder(manifest.Name, window, cpu => GuestOf(manifest, cpu));
        new Replay(source, TraceView.Gpos).Send(builder);
        new Replay(source, TraceView.Board).Send(new HypervisorEvents(builder));

        // Rings are drained by the one GPOS that has a tracer of its own.
        if (manifest.Lanes.FirstOrDefault(l => l.Ring < 0) is { } tracer)
        {
            for (int lane = 0; lane < manifest.Lanes.Count; lane++)
            {
                if (manifest.Lanes[lane].Ring >= 0)
                {
                    Arrows(source, lane, CpuOf(manifest, tracer.Vcpu), builder);
                }
            }
        }

        RunEndRecord? end = source.ReadStream(StreamNames.Control).OfType<RunEndRecord>().LastOrDefault();
        return builder.Build(end is null ? null : manifest.Clock.ToNanoseconds(end.At));
    }

    /// <summary>The timeline of a trace file; it shows the hypervisor where the file is of the board view, and no arrows.</summary>
    /// <param name="title">What it is of.</param>
    /// <param name="file">The file.</param>
    /// <param name="window">What is drawn.</param>
    /// <exception cref="TimelineTooLongException">The window holds more than <see cref="Timeline.MostEvents"/>.</exception>
    /// <exception cref="TraceFileException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Timeline OfFile(string title, TraceFile file, TimelineWindow window)
    {
        var builder = new TimelineBuilder(title, window, _ => string.Empty);
        _ = file.Send(builder, new EventTypes());
        return builder.Build();
    }

    private static string GuestOf(RunManifest manifest, int cpu) =>
        manifest.Guests.FirstOrDefault(g => cpu >= g.FirstLinuxCpu && cpu < g.FirstLinuxCpu + g.VcpuCores.Count)?.Name ?? string.Empty;

    /// <summary>From the hits that came through a ring to the CPU that drained it. What one hit led to is one arrow.</summary>
    private static void Arrows(ITraceSource source, int lane, int gpos, TimelineBuilder builder)
    {
        RunManifest manifest = source.Manifest;
        (VirtualInstant From, VirtualInstant To) last = (VirtualInstant.Never, VirtualInstant.Never);
        foreach (LaneRecord record in source.ReadStream(StreamNames.Lane(lane)).OfType<LaneRecord>())
        {
            if (record is LostRecordsRecord || last == (record.At, record.BufferedAt))
            {
                continue;
            }

            last = (record.At, record.BufferedAt);
            builder.Arrow(
                manifest.Clock.ToNanoseconds(record.At), CpuOf(manifest, record.Vcpu),
                manifest.Clock.ToNanoseconds(record.BufferedAt), gpos, Describe(record));
        }
    }

    private static int CpuOf(RunManifest manifest, VcpuId vcpu) => manifest.Guests[vcpu.Guest.Index].FirstLinuxCpu + vcpu.Index;

    private static string Describe(LaneRecord record) => record switch
    {
        SwitchRecord change => $"switch to {(change.Next.Pid == 0 ? "idle" : change.Next.Comm)}",
        WakeupRecord wakeup => $"wake-up of {wakeup.Task.Comm}",
        FunctionHitRecord hit => hit.Symbol,
        FunctionReturnRecord back => "return from " + back.Symbol,
        IrqRecord irq => irq.Name,
        _ => "record",
    };

    private sealed class HypervisorEvents(ITraceEventSink next) : ITraceEventSink
    {
        public void Write(in TraceEvent written)
        {
            if (EventRoles.IsHypervisor(written.Type))
            {
                next.Write(written);
            }
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}
