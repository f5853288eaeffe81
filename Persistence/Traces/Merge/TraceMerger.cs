using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Merge;

/// <summary>A record at its place in the order of a view.</summary>
/// <param name="At">When it counts as happened; not earlier than the record before.</param>
/// <param name="Cpu">CPU of the view.</param>
/// <param name="Record">A <see cref="LaneRecord"/>, or in the board view also a <see cref="StepRecord"/>.</param>
/// <param name="Lane">The lane that it comes from; -1 for a step.</param>
public readonly record struct MergedRecord(VirtualInstant At, int Cpu, TraceRecord Record, int Lane = -1);

/// <summary>Brings the streams of a run into one order of time, in constant memory.</summary>
public static class TraceMerger
{
    /// <summary>Number of CPUs of a view.</summary>
    public static int CpuCount(RunManifest manifest, TraceView view) => view == TraceView.Board
        ? manifest.Cores
        : manifest.Guests.Select(guest => guest.FirstLinuxCpu + guest.VcpuCores.Count).DefaultIfEmpty(1).Max();

    /// <summary>All lanes, and in the board view the cores' steps, by instant; at the same instant steps first, then lanes by number.</summary>
    /// <exception cref="InvalidDataException">A lane is not in order, names a CPU that the manifest does not have, or a time that no format holds.</exception>
    public static IEnumerable<MergedRecord> Merge(ITraceSource source, TraceView view)
    {
        VirtualInstant latest = Latest(source.Manifest.Clock);
        List<IEnumerator<MergedRecord>> streams = Open(source, view);
        try
        {
            while (streams.Count > 0)
            {
                // A run has a handful of streams: a scan is cheaper than a heap. Ties go to the earlier stream.
                int first = 0;
                for (int i = 1; i < streams.Count; i++)
                {
                    if (streams[i].Current.At < streams[first].Current.At)
                    {
                        first = i;
                    }
                }

                MergedRecord next = streams[first].Current;
                if (next.At > latest)
                {
                    throw new InvalidDataException($"a record at {next.At}, more nanoseconds than 63 bits hold");
                }

                if (next.Record is not HorizonRecord)
                {
                    yield return next;
                }

                if (!streams[first].MoveNext())
                {
                    streams[first].Dispose();
                    streams.RemoveAt(first);
                }
            }
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    /// <summary>The last instant whose nanoseconds fit into 63 bits.</summary>
    private static VirtualInstant Latest(ClockRates clock)
    {
        UInt128 cycles = (UInt128)long.MaxValue * clock.CoreHz / 1_000_000_000;
        return cycles < ulong.MaxValue ? new VirtualInstant((ulong)cycles) : VirtualInstant.Never;
    }

    private static List<IEnumerator<MergedRecord>> Open(ITraceSource source, TraceView view)
    {
        var streams = new List<IEnumerator<MergedRecord>>();
        if (view == TraceView.Board)
        {
            for (int core = 0; core < source.Manifest.Cores; core++)
            {
                Add(StepOrder.Sort(source.ReadStream(StreamNames.Core(core)), core));
            }
        }

        for (int lane = 0; lane < source.Manifest.Lanes.Count; lane++)
        {
            Add(Lane(source, view, lane));
        }

        return streams;

        void Add(IEnumerable<MergedRecord> records)
        {
            IEnumerator<MergedRecord> stream = records.GetEnumerator();
            if (stream.MoveNext())
            {
                streams.Add(stream);
            }
            else
            {
                stream.Dispose();
            }
        }
    }

    private static IEnumerable<MergedRecord> Lane(ITraceSource source, TraceView view, int lane)
    {
        string name = StreamNames.Lane(lane);
        int cpus = CpuCount(source.Manifest, view);
        VirtualInstant last = VirtualInstant.Zero;
        VirtualInstant horizon = VirtualInstant.Zero;
        foreach (TraceRecord read in source.ReadStream(name))
        {
            if (read is HorizonRecord until)
            {
                horizon = VirtualInstant.Max(horizon, until.At);
                yield return new MergedRecord(horizon, 0, until);
                continue;
            }

            if (read is not LaneRecord record)
            {
                continue;
            }

            if (record.At < last)
            {
                throw new InvalidDataException($"{name}: a record at {record.At} follows one at {last}");
            }

            last = record.At;
            int cpu = view == TraceView.Board ? record.Core.Index : LinuxCpu(source.Manifest, record.Vcpu);
            if (cpu < 0 || cpu >= cpus)
            {
                throw new InvalidDataException($"{name}: a record of {record.Vcpu} on {record.Core}, which the run does not have");
            }

            // Drained so late that a reader who follows the run is past its time: it counts from when it was known.
            yield return new MergedRecord(VirtualInstant.Max(record.At, horizon), cpu, record, lane);
        }
    }

    /// <summary>CPU of the gpos view; -1 where the run has no such vCPU.</summary>
    private static int LinuxCpu(RunManifest manifest, VcpuId vcpu) =>
        vcpu.Guest.Index < manifest.Guests.Count && vcpu.Index < manifest.Guests[vcpu.Guest.Index].VcpuCores.Count
            ? manifest.Guests[vcpu.Guest.Index].FirstLinuxCpu + vcpu.Index
            : -1;
}
