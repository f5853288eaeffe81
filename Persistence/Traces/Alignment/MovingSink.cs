using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Alignment;

/// <summary>Hands the events of a log on with the times, CPUs and pids that they have beside other logs.</summary>
internal sealed class MovingSink(PlacedLog log, ITraceEventSink next) : ITraceEventSink
{
    private const int MaskBits = 64;

    /// <inheritdoc/>
    public void Write(in TraceEvent written)
    {
        var numbers = new EventNumbers();
        for (int i = 0; i < EventNumbers.Length; i++)
        {
            numbers[i] = written.Number(i);
        }

        foreach (int slot in EventParts.PidSlots(written.Type))
        {
            numbers[slot] = (ulong)Pid((int)numbers[slot]);
        }

        if (EventParts.CpuSlot(written.Type) is { } cpu)
        {
            numbers[cpu] += (ulong)log.FirstCpu;
        }

        if (EventParts.MaskSlot(written.Type) is { } mask)
        {
            numbers[mask] = log.FirstCpu < MaskBits ? numbers[mask] << log.FirstCpu : 0;
        }

        next.Write(written with
        {
            Nanoseconds = Time(written.Nanoseconds),
            Cpu = written.Cpu + log.FirstCpu,
            Pid = Pid(written.Pid),
            Numbers = numbers,
        });
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => next.Lost(cpu + log.FirstCpu, Time(nanoseconds), count);

    /// <summary>A loss may be told with a time before the first event's.</summary>
    private ulong Time(ulong nanoseconds) => (ulong)Int128.Max(0, log.Clock.Map(nanoseconds));

    private int Pid(int pid) => pid == 0 ? 0 : pid + log.PidShift;
}
