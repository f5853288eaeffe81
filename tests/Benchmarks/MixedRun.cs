using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Benchmarks;

/// <summary>A run of any length, made as it is read: two CPUs, on each wake-ups, switches between three tasks and idle, hits, interrupts, markers.</summary>
internal sealed class MixedRun(long events) : ITraceSource
{
    // A round of a CPU: records, and the events that they become.
    private const int EventsOfARound = 13;
    private const int Cpus = 2;
    private const ulong Round = 50_000;

    private static readonly TaskReference[] Tasks = [.. Enumerable.Range(1, 3).Select(n => new TaskReference(2000 + n, $"RTOS-Task{n}", 10 + n))];

    /// <inheritdoc/>
    public RunManifest Manifest { get; } = new(
        1, "mixed", new ClockRates(1_000_000_000, 24_000_000, 1), Cpus,
        [new GuestManifest("android", 0, [new CoreId(0)], 0), new GuestManifest("ucos", 1, [new CoreId(1)], 2000)],
        [.. Enumerable.Range(0, Cpus).Select(cpu => new LaneManifest(VcpuOf(cpu), new CoreId((byte)cpu), cpu - 1))], string.Empty, []);

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName)
    {
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            if (string.Equals(streamName, StreamNames.Lane(cpu), StringComparison.Ordinal))
            {
                return Lane(cpu);
            }
        }

        return [];
    }

    private static VcpuId VcpuOf(int cpu) => new(new GuestId((byte)cpu), 0);

    private IEnumerable<TraceRecord> Lane(int cpu)
    {
        VcpuId vcpu = VcpuOf(cpu);
        CoreId core = new((byte)cpu);
        TaskReference idle = new(0, "swapper", 120);
        for (long round = 0; round < events / Cpus / EventsOfARound; round++)
        {
            ulong start = ((ulong)round * Round) + (ulong)cpu;
            TaskReference task = Tasks[round % Tasks.Length];
            TaskReference other = Tasks[(round + 1) % Tasks.Length];
            yield return new WakeupRecord(default, At(0), At(900), vcpu, core, idle, task, Derived: false);
            yield return new SwitchRecord(default, At(1_000), At(1_900), vcpu, core, idle, 0, task);
            yield return new IrqRecord(default, At(5_000), At(5_000), vcpu, core, task, 64, "actortrace", IsEntry: true);
            yield return new IrqRecord(default, At(6_000), At(6_000), vcpu, core, task, 64, "actortrace", IsEntry: false);
            yield return new FunctionHitRecord(default, At(10_000), At(11_000), vcpu, core, task, "OSTimeDly", 0x40001000, 0x40002000, 0x40100000);
            yield return new MarkerRecord(default, At(15_000), At(15_000), vcpu, core, task, "B|2000|step");
            yield return new SwitchRecord(default, At(20_000), At(20_900), vcpu, core, task, 0, other);
            yield return new SwitchRecord(default, At(30_000), At(30_900), vcpu, core, other, 1, idle);

            VirtualInstant At(ulong offset) => new(start + offset);
        }
    }
}
