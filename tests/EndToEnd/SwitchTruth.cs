using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Compares a log with the ring that the RTOS guest kept itself.</summary>
internal static class SwitchTruth
{
    private const int IdlePriority = 63;

    /// <summary>The switches of the guest's own ring that a probe could see: those after the probes were armed.</summary>
    public static IReadOnlyList<TruthEntry> Expected(SimulatedRun run, string guest)
    {
        VirtualInstant armed = ArmedAt(run, guest);
        ClockRates clock = run.Board.Scenario.Board.Clock;
        return [.. TruthRing.Read(run.Guest(guest)).Where(e => e.IsSwitch && clock.FirstInstantOf(e.Counter) > armed)];
    }

    /// <summary>When the last probe of the guest was armed.</summary>
    public static VirtualInstant ArmedAt(SimulatedRun run, string guest)
    {
        GuestLease lease = run.Guest(guest);
        return run.Records<StepRecord>(StreamNames.Core(lease.Spec.Core.Index))
            .Where(s => s.Step == StepKind.Install && s.Category == CostCategory.Patch && s.Vcpu == lease.Vcpu.Id)
            .Max(s => s.End);
    }

    /// <summary>Order, from and to of every switch in the log equal the ring's, none more, none less but those on the way at the end.</summary>
    public static void AssertEqual(SimulatedRun run, string guest, int cpu, TraceCmdLog log, bool onlyItsOwnProbes = false)
    {
        IReadOnlyList<TruthEntry> truth = Expected(run, guest);
        VcpuId vcpu = run.Guest(guest).Vcpu.Id;
        IReadOnlyList<LogSwitch> switches = log.Switches(cpu);
        int pidBase = run.Guest(guest).Spec.PidBase;
        ulong underway = run.Probes.Where(p => !onlyItsOwnProbes || p.Vcpu == vcpu).Aggregate(0UL, (sum, p) => sum + p.InRing);
        Assert.NotEmpty(switches);
        Assert.Equal((ulong)truth.Count, (ulong)switches.Count + underway);
        for (int i = 0; i < switches.Count; i++)
        {
            Assert.Equal((i, Pid(truth[i].From, pidBase), Pid(truth[i].To, pidBase)), (i, switches[i].PreviousPid, switches[i].NextPid));
        }
    }

    /// <summary>
    /// The counter that the guest read in its own switch hook equals the counter at the hit plus all cycles charged on the core
    /// until then plus the instructions between: exactly.
    /// </summary>
    public static void AssertCountersExact(SimulatedRun run, string guest)
    {
        GuestLease lease = run.Guest(guest);
        ClockRates clock = run.Board.Scenario.Board.Clock;
        StepRecord[] charges = [.. run.Records<StepRecord>(StreamNames.Core(lease.Spec.Core.Index))
            .Where(s => s.Category != CostCategory.None && s.End > s.Start).OrderBy(s => s.Start)];
        IReadOnlyList<TruthEntry> truth = Expected(run, guest);
        int lane = run.Board.Topology.RingOf(lease.Vcpu.Id).Lane;
        SwitchRecord[] hits = [.. run.Records<SwitchRecord>(StreamNames.Lane(lane))];
        Dictionary<Stamp, uint> pcOf = run.Records<StepRecord>(StreamNames.Core(lease.Spec.Core.Index))
            .Where(s => s.Step == StepKind.Extraction).ToDictionary(s => s.Cause, s => s.Pc);
        Assert.NotEmpty(hits);
        int next = 0;
        for (int i = 0; i < hits.Length; i++)
        {
            while (next < charges.Length && charges[next].Start < hits[i].At)
            {
                next++;
            }

            ulong between = InstructionsToCounterRead(lease, pcOf[hits[i].Cause]) * clock.CyclesPerInstruction;
            ulong charged = 0;
            for (int j = next; j < charges.Length && charges[j].Start <= hits[i].At + (charged + between); j++)
            {
                charged += charges[j].End - charges[j].Start;
            }

            Assert.Equal((i, truth[i].Counter), (i, clock.CountAt(hits[i].At + (charged + between))));
        }
    }

    /// <summary>Follows the straight-line code from a probed function to the MRRC that reads the counter, that one included.</summary>
    private static ulong InstructionsToCounterRead(GuestLease guest, uint pc)
    {
        Assert.True(guest.Spec.Image.Symbols.TryResolve("truth_switch_counter_read", out GuestVa read));
        ulong count = 1;
        for (uint at = pc; at != read.Value; count++)
        {
            at = guest.Spec.Image.Symbols.EncodingAt(new GuestVa(at)) == CodeEncoding.T32 ? AfterT32(guest, at) : AfterA32(guest, at);
            Assert.True(count < 100, "the path to the counter read is straight");
        }

        return count;
    }

    private static uint AfterA32(GuestLease guest, uint at)
    {
        uint bits = Halfword(guest, at) | (Halfword(guest, at + 2) << 16);
        bool isBranch = bits >> 25 == 0b1110_101;
        return isBranch ? at + (uint)((int)(bits << 8) >> 6) + 8 : at + 4;
    }

    /// <summary>B T2, B T4 and BL T1 (ARM DDI 0406 A8.8.18, A8.8.25) are followed, all else goes on behind.</summary>
    private static uint AfterT32(GuestLease guest, uint at)
    {
        uint first = Halfword(guest, at);
        if (first >> 11 == 0b11100)
        {
            return at + 4 + (uint)((int)(first << 21) >> 20);
        }

        if (first >> 11 < 0b11100)
        {
            return at + 2;
        }

        uint second = Halfword(guest, at + 2);
        if (first >> 11 != 0b11110 || (second & 0x9000) != 0x9000)
        {
            return at + 4;
        }

        uint sign = (first >> 10) & 1;
        uint i1 = ~((second >> 13) ^ sign) & 1;
        uint i2 = ~((second >> 11) ^ sign) & 1;
        uint displacement = (sign << 24) | (i1 << 23) | (i2 << 22) | ((first & 0x3FF) << 12) | ((second & 0x7FF) << 1);
        return at + 4 + (uint)((int)(displacement << 7) >> 7);
    }

    private static uint Halfword(GuestLease guest, uint at)
    {
        byte[] bytes = new byte[2];
        Assert.True(guest.Spec.Image.TryRead(new GuestVa(at), bytes));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private static int Pid(int priority, int pidBase) => priority == IdlePriority ? 0 : pidBase + priority;
}
