using System.Buffers.Binary;
using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Alignment;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd.Comparison;

/// <summary>Cycles that the hypervisor and the trace software took of a core.</summary>
/// <param name="Compared">In the time compared.</param>
/// <param name="After">After it.</param>
internal readonly record struct CoreCost(long Compared, long After);

/// <summary>The same system traced in three ways: scenarios/baselines.</summary>
internal static class Approaches
{
    private static readonly Lazy<SimulatedRun> PerGuestRun = new(() => Run("per-guest-logs"));
    private static readonly Lazy<SimulatedRun> HostOnlyRun = new(() => Run("host-only"));
    private static readonly Lazy<SimulatedRun> IntegratedRun = new(() => Run("integrated"));

    /// <summary>Each guest with a tracer of its own.</summary>
    public static SimulatedRun PerGuest => PerGuestRun.Value;

    /// <summary>The hypervisor's view only.</summary>
    public static SimulatedRun HostOnly => HostOnlyRun.Value;

    /// <summary>The paper's.</summary>
    public static SimulatedRun Integrated => IntegratedRun.Value;

    /// <summary>Android's log and the RTOS's, as it printed it, on one timeline.</summary>
    public static MergePlan Merged { get; } = MergePlan.Make(
        [
            new RunLog("android", new MemorySource(PerGuest.Journal)),
            new FileLog("rtos.txt", TraceFile.Open(new MemoryStream(Encoding.ASCII.GetBytes(PerGuest.Console("ucos"))))),
        ],
        new Dictionary<int, long>(), [new EventPattern("print", "sync")]);

    /// <summary>The RTOS in the merged log.</summary>
    public static RtosLog MergedLog
    {
        get
        {
            PlacedLog rtos = Merged.Logs[1];
            var log = new RtosLog(rtos.FirstCpu, rtos.PidShift);
            rtos.Send(log);
            return log;
        }
    }

    /// <summary>The RTOS in the gpos view of a run.</summary>
    public static RtosLog ViewOf(SimulatedRun run)
    {
        var log = new RtosLog(cpu: 1, run.Guest("ucos").Spec.PidBase);
        _ = new Replay(new MemorySource(run.Journal), TraceView.Gpos).Send(log);
        return log;
    }

    /// <summary>What was charged on a core above what it is without any tracing.</summary>
    public static CoreCost CostOf(SimulatedRun run, byte core)
    {
        (long before, long after) = Charged(run, core);
        (long plainBefore, long plainAfter) = Charged(HostOnly, core);
        return new CoreCost(before - plainBefore, after - plainAfter);
    }

    /// <summary>Events of the RTOS's core in the board view of the run without probes, in the time compared.</summary>
    public static int HostEvents()
    {
        var counter = new CpuCounter();
        _ = new Replay(new MemorySource(HostOnly.Journal), TraceView.Board, new EventSelection(Coverage.From, Coverage.Until)).Send(counter);
        return counter.Events;
    }

    /// <summary>Switches in the log that a chain of the hypervisor's steps leads to, from the hit to the buffer.</summary>
    public static int Caused()
    {
        SimulatedRun run = Integrated;
        StepKind[] chain = [StepKind.Extraction, StepKind.RingWrite, StepKind.Drain, StepKind.Conversion, StepKind.BufferWrite];
        ILookup<Stamp, StepKind> steps = run.Records<StepRecord>(StreamNames.Core(0)).Concat(run.Records<StepRecord>(StreamNames.Core(1)))
            .Where(s => chain.Contains(s.Step)).ToLookup(s => s.Cause, s => s.Step);
        ClockRates clock = run.Board.Scenario.Board.Clock;
        return run.Records<SwitchRecord>(StreamNames.Lane(run.Board.Topology.RingOf(run.Guest("ucos").Vcpu.Id).Lane))
            .Count(s => clock.ToNanoseconds(s.At) is >= Coverage.From and < Coverage.Until && chain.All(step => steps[s.Cause].Contains(step)));
    }

    /// <summary>Instructions that the RTOS's own tracer takes for a switch: its code is straight, from the entry to the return.</summary>
    public static int OwnInstructions()
    {
        const uint Return = 0xE12F_FF1E;
        Actors.Guests.GuestLease guest = PerGuest.Guest("ucos");
        Assert.True(guest.Spec.Image.Symbols.TryResolve("truth_switch", out GuestVa at));
        byte[] word = new byte[sizeof(uint)];
        for (int count = 1; count < 100; count++, at = new GuestVa(at.Value + sizeof(uint)))
        {
            Assert.True(guest.Spec.Image.TryRead(at, word));
            if (BinaryPrimitives.ReadUInt32LittleEndian(word) == Return)
            {
                return count;
            }
        }

        throw new InvalidOperationException("The tracer's code has no return.");
    }

    private static SimulatedRun Run(string name) => SimulatedRun.ByActors(Path.Combine("baselines", name));

    private static (long Before, long After) Charged(SimulatedRun run, byte core)
    {
        ClockRates clock = run.Board.Scenario.Board.Clock;
        StepRecord[] charges = [.. run.Records<StepRecord>(StreamNames.Core(core)).Where(s => s.Category != CostCategory.None && clock.ToNanoseconds(s.Start) >= Coverage.From)];
        return (Sum(s => clock.ToNanoseconds(s.Start) < Coverage.Until), Sum(s => clock.ToNanoseconds(s.Start) >= Coverage.Until));

        long Sum(Predicate<StepRecord> when) => charges.Where(s => when(s)).Sum(s => (long)(s.End - s.Start));
    }

    private sealed class CpuCounter : ITraceEventSink
    {
        public int Events { get; private set; }

        public void Write(in TraceEvent next) => Events += next.Cpu == 1 ? 1 : 0;

        public void Lost(int cpu, ulong nanoseconds, ulong count) => Assert.Fail("no log here loses");
    }
}
