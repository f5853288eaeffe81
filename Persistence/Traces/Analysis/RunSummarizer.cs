using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis;

/// <summary>Computes a <see cref="RunSummary"/>: each stream is read once, in memory that grows with tasks only.</summary>
public static class RunSummarizer
{
    /// <summary>Reads a run.</summary>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static RunSummary Summarize(ITraceSource source)
    {
        RunManifest manifest = source.Manifest;
        var probes = new List<ProbeCountsRecord>();
        var commands = new List<ControlRecord>();
        RunEndRecord? end = null;
        foreach (TraceRecord record in source.ReadStream(StreamNames.Control))
        {
            switch (record)
            {
                case ProbeCountsRecord counts: probes.Add(counts); break;
                case ControlRecord command: commands.Add(command); break;
                case RunEndRecord last: end = last; break;
                default: break;
            }
        }

        CpuAccount[] accounts = [.. Enumerable.Range(0, TraceMerger.CpuCount(manifest, TraceView.Gpos)).Select(_ => new CpuAccount())];
        VirtualInstant latest = VirtualInstant.Zero;
        foreach (MergedRecord merged in TraceMerger.Merge(source, TraceView.Gpos))
        {
            accounts[merged.Cpu].Add((LaneRecord)merged.Record);
            latest = merged.At;
        }

        var cores = new CoreSummary[manifest.Cores];
        for (int core = 0; core < cores.Length; core++)
        {
            cores[core] = Core(source, core, ref latest);
        }

        VirtualInstant at = end is null ? latest : end.At;
        foreach (CpuAccount account in accounts)
        {
            account.End(at);
        }

        return new RunSummary
        {
            Name = manifest.Name,
            End = at,
            Nanoseconds = manifest.Clock.ToNanoseconds(at),
            EndReason = end?.Reason,
            Instructions = end?.Instructions ?? 0,
            Cpus = [.. accounts.Select((account, cpu) => Cpu(manifest, account, cpu))],
            Tasks = [.. accounts.SelectMany((account, cpu) => account.Tasks.Select(task => task.Summary(cpu, account.Observed, manifest.Clock)))],
            Cores = cores,
            Probes = probes,
            Commands = commands,
        };
    }

    private static CpuSummary Cpu(RunManifest manifest, CpuAccount account, int cpu)
    {
        GuestManifest? guest = manifest.Guests.FirstOrDefault(g => cpu >= g.FirstLinuxCpu && cpu < g.FirstLinuxCpu + g.VcpuCores.Count);
        ulong busy = account.Tasks.Where(task => task.Pid != 0).Aggregate(0ul, (sum, task) => sum + task.Cycles);
        return new CpuSummary(
            cpu, guest?.Name ?? string.Empty, account.Events, account.Switches, account.Lost, account.Observed, busy);
    }

    private static CoreSummary Core(ITraceSource source, int core, ref VirtualInstant latest)
    {
        var account = new CoreAccount();
        foreach (StepRecord step in source.ReadStream(StreamNames.Core(core)).OfType<StepRecord>())
        {
            account.Add(step);
            latest = VirtualInstant.Max(latest, step.End);
        }

        return account.Summary(new CoreId((byte)core));
    }
}
