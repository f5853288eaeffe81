using System.Globalization;
using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Simulation;

/// <summary>What is written when all cores have stopped: the loss equation of each probe, then the end of the run.</summary>
public static class RunEnding
{
    /// <summary>Writes the last records into the control stream.</summary>
    /// <returns>The outcome, with the hash over all streams.</returns>
    public static RunOutcome Write(SimulatedBoard board, IReadOnlyList<CoreLease> leases, VirtualInstant at, string reason)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(leases);
        Stamp stamp = new(at, SourceId.Outside, 0);
        IEnumerable<ProbeTally> notBegun = board.Cores.SelectMany(c => c.Hypervisor?.TraceControl.NotBegun ?? [])
            .Select(s => new ProbeTally { Definition = s.Definition, State = s.State });
        foreach (ProbeTally tally in board.GuestLeases.SelectMany(g => g.ProbeTallies.All).Concat(notBegun).OrderBy(t => t.Definition.Number))
        {
            board.Control.Add(Counts(board, leases, tally, stamp), at);
        }

        ulong instructions = 0;
        foreach (CoreLease lease in leases)
        {
            instructions += lease.Core.Instructions;
        }

        board.Control.Add(new RunEndRecord(stamp, at, reason, instructions), at);
        return new RunOutcome(at, reason, string.Empty, leases, null);
    }

    /// <summary>The run's hash. All batches must have been taken.</summary>
    public static string Hash(SimulatedBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        return RunHash.Combine(board.Streams.Where(s => !s.IsEmpty).Select(s => (s.Name, s.Hash())).Append((StreamNames.Inputs, board.Inputs.Digest)));
    }

    private static ProbeCountsRecord Counts(SimulatedBoard board, IReadOnlyList<CoreLease> leases, ProbeTally tally, Stamp stamp)
    {
        ProbeDefinition probe = tally.Definition;
        GuestSpec guest = board.Scenario.Guests[probe.Guest.Index];
        VcpuId vcpu = new(probe.Guest, 0);
        RingDescriptor ring = board.Topology.RingOf(vcpu);
        Guests.Workload.DrainTally drained = board.Drained(probe.Number);
        return new ProbeCountsRecord(
            stamp, probe.Number, vcpu, (ushort)ring.Lane, Name(guest, probe), Status(tally),
            tally.Hits, tally.Filtered, InRing(board, leases, probe), tally.Overrun,
            drained.Drained, drained.Converted, drained.Rejected);
    }

    private static string Name(GuestSpec guest, ProbeDefinition probe) =>
        guest.Image.Symbols.Describe(probe.Address) + (probe.OnReturn ? "/return" : string.Empty);

    private static string Status(ProbeTally tally)
    {
        string state = tally.State == ProbeState.Error
            ? $"error: {ProbeErrors.Describe(tally.Error)}"
            : tally.State.ToString().ToLowerInvariant();
        return tally.Forgotten == 0 ? state : string.Create(CultureInfo.InvariantCulture, $"{state}, {tally.Forgotten} calls forgotten");
    }

    /// <summary>Every vCPU of the guest has a ring that the probe's hits may be in.</summary>
    private static ulong InRing(SimulatedBoard board, IReadOnlyList<CoreLease> leases, ProbeDefinition probe) =>
        board.Topology.Rings.Where(r => r.Vcpu.Guest == probe.Guest).Aggregate(0UL, (sum, r) => sum + CountInRing(leases, r, probe.Number));

    /// <summary>Counts the records that lie in the ring, or are on the way to it, by looking at them.</summary>
    private static ulong CountInRing(IReadOnlyList<CoreLease> leases, RingDescriptor ring, ushort probe)
    {
        ulong found = 0;
        foreach (CoreLease lease in leases)
        {
            if (lease.Rings is { } area)
            {
                found += TraceRing.CountWaiting(area.Bytes(ring.Index), probe);
            }

            foreach (CrossCoreMessage message in lease.Undelivered)
            {
                if (message.Effect is RingStore store && store.Ring == ring.Index && !store.Slot.IsEmpty
                    && RingRecord.Decode(store.Slot.Span).Probe == probe)
                {
                    found++;
                }
            }
        }

        return found;
    }
}
