using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>
/// The guest information extractor: at a hit reads the task control blocks by the guest's kernel profile and puts a record into
/// the ring that the guest shares with the GPOS.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class ExtractionState(CoreId core) : IPart
{
    private readonly GuestReader reader = new();
    private readonly Dictionary<GuestId, ReadySetTracker> readySets = [];
    private readonly Dictionary<int, TraceRingProducer> producers = [];

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Extraction, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case ExtractHit hit:
                Extract(hit, outbox);
                break;
            case IdentifyTask identify:
                Identify(identify, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, "waiting for hits", message);
        }
    }

    private CompiledProfile Begin(CoreLease lease, out GuestLease guest)
    {
        guest = lease.Guest ?? throw new InvalidOperationException("A hit without a guest.");
        reader.Begin(lease, guest);
        return guest.Spec.Profile ?? throw new InvalidOperationException($"{guest.Spec.Name} has a probe and no profile.");
    }

    private void Identify(IdentifyTask identify, IOutbox outbox)
    {
        CoreLease lease = identify.Lease;
        bool readable = Begin(lease, out _).TryReadCurrent(reader, out TaskSnapshot task);
        VirtualInstant at = ChargeReading(lease, identify.Cause, identify.At, lease.Core[15], identify.Probe);
        outbox.Send(Address.Of(Role.Instrumentation, core), new TaskIdentified(at, lease, readable ? task : null));
    }

    private VirtualInstant ChargeReading(CoreLease lease, Stamp cause, VirtualInstant at, uint pc, ushort probe) => lease.Charge(
        cause, StepKind.Extraction, CostCategory.TcbRead, at, lease.Costs.TcbWord * (ulong)reader.Words, pc, probe, (ulong)reader.Words);

    private void Extract(ExtractHit hit, IOutbox outbox)
    {
        CoreLease lease = hit.Lease;
        CompiledProfile profile = Begin(lease, out GuestLease guest);
        Tracker(guest.Id).Renew(guest.ProbesLifted);
        ReadySet? present = null;
        bool unwanted = !guest.HitFilters.AdmitsUnread(hit.Probe);
        if (unwanted && hit.Probe.Kind == ProbeKind.Switch)
        {
            Tracker(guest.Id).Comes(guest.Vcpu.Id, null);
        }

        RingRecord? record = unwanted ? null : Read(hit, profile, guest.HitFilters, out present, out unwanted);
        VirtualInstant at = ChargeReading(lease, hit.Cause, hit.At, hit.Probe.Address.Value, hit.Probe.Number);
        if (record is null)
        {
            Filter(hit, guest, present, unwanted);
            outbox.Send(Address.Of(Role.Instrumentation, core), new HitExtracted(at, lease));
            return;
        }

        RingDescriptor ring = lease.Topology.RingOf(guest.Vcpu.Id);
        bool written = Write(ring, record with { AfterGap = Tracker(guest.Id).HasGap }, hit, ref at, outbox);
        if (!written)
        {
            guest.ProbeTallies.Of(hit.Probe).Overrun++;
            outbox.Send(Address.Of(Role.Instrumentation, core), new HitExtracted(at, lease));
            return;
        }

        guest.ProbeTallies.Of(hit.Probe).Written++;
        Tracker(guest.Id).Told();
        if (present is { } accepted)
        {
            Tracker(guest.Id).Accept(accepted);
        }

        outbox.Send(Address.Of(Role.Injection, core), new AnnounceRecord(at, hit.Cause, lease, ring.Index));
    }

    private void Filter(ExtractHit hit, GuestLease guest, ReadySet? present, bool unwanted)
    {
        guest.ProbeTallies.Of(hit.Probe).Filtered++;
        if (unwanted && hit.Probe.ConcernsScheduler)
        {
            Tracker(guest.Id).Miss();
        }
        else if (present is { } reading && Tracker(guest.Id).Woken(reading).Members.Count == 0)
        {
            Tracker(guest.Id).Accept(reading);
        }
    }

    /// <summary>Reads what the probe's kind asks for; null where the hit is no event, or is not wanted.</summary>
    private RingRecord? Read(ExtractHit hit, CompiledProfile profile, HitFilters filters, out ReadySet? present, out bool unwanted)
    {
        present = null;
        unwanted = false;
        TaskSnapshot next = default;
        TaskSnapshot previous = hit.Current ?? default;
        bool readable = hit.Probe.Kind == ProbeKind.Switch
            ? TryReadSwitch(hit, profile, out previous, out next)
            : hit.Current is not null || profile.TryReadCurrent(reader, out previous);
        if (!readable)
        {
            return null;
        }

        List<TaskSnapshot> woken = [];
        int more = 0;
        if (hit.Probe.ConcernsScheduler && profile.HasReadySet && profile.TryReadReadySet(reader, out ReadySet set))
        {
            present = set;
            more = ReadWoken(profile, hit.Probe.Guest, set, woken);
        }

        bool isEvent = hit.Probe.Kind switch
        {
            ProbeKind.Switch => previous.Tcb != next.Tcb,
            ProbeKind.ReadySet => woken.Count + more > 0,
            _ => true,
        };
        unwanted = isEvent && !filters.AdmitsRead(hit.Probe, previous, hit.Probe.Kind == ProbeKind.Switch ? next : previous);
        return isEvent && !unwanted ? Fill(hit, previous, next, woken, more) : null;
    }

    /// <summary>
    /// Reads both tasks of a switch. Where the kernel names only the one that comes, the other is the one that came at the hit before;
    /// its control block still says whether it was preempted.
    /// </summary>
    private bool TryReadSwitch(ExtractHit hit, CompiledProfile profile, out TaskSnapshot previous, out TaskSnapshot next)
    {
        if (profile.HasNext)
        {
            return profile.TryReadSwitch(reader, out previous, out next);
        }

        previous = default;
        bool readable = profile.TryReadComing(reader, out next);
        uint? before = Tracker(hit.Probe.Guest).Comes(hit.Lease.Guest!.Vcpu.Id, readable ? next.Tcb : null);
        return readable && before is { } tcb && profile.TryReadTask(reader, tcb, out previous);
    }

    private int ReadWoken(CompiledProfile profile, GuestId guest, ReadySet present, List<TaskSnapshot> woken)
    {
        int more = 0;
        foreach (uint member in Tracker(guest).Woken(present).Members)
        {
            if (woken.Count < RingRecord.MaxWoken && profile.TryReadReadyTask(reader, member, out TaskSnapshot task))
            {
                woken.Add(task);
            }
            else
            {
                more++;
            }
        }

        return more;
    }

    private RingRecord Fill(ExtractHit hit, TaskSnapshot previous, TaskSnapshot next, List<TaskSnapshot> woken, int more)
    {
        CoreLease lease = hit.Lease;
        Span<byte> words = stackalloc byte[4 * RingRecord.StackWords];
        uint stackPointer = lease.Core[13];
        uint[] stack = new uint[RingRecord.StackWords];
        if (reader.TryRead(stackPointer, words))
        {
            for (int i = 0; i < stack.Length; i++)
            {
                stack[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(words[(4 * i)..]);
            }
        }

        return new RingRecord
        {
            Probe = hit.Probe.Number,
            Kind = hit.Probe is { Kind: ProbeKind.Function, OnReturn: true } ? RingRecord.FunctionReturn : (byte)hit.Probe.Kind,
            Guest = hit.Probe.Guest.Index,
            Vcpu = lease.Guest!.Vcpu.Id.Index,
            WakeupsDerived = hit.Probe.Kind == ProbeKind.Switch,
            HitAt = hit.Cause.At,
            Cause = hit.Cause,
            Pc = hit.Probe.Address.Value,
            Function = hit.Call?.Function.Value ?? 0,
            EnteredAt = hit.Call?.At ?? VirtualInstant.Zero,
            Lr = lease.Core[14],
            Sp = stackPointer,
            Stack = stack,
            Previous = previous,
            Next = next,
            Woken = woken,
            WokenMore = (ushort)more,
        };
    }

    /// <summary>Puts a record into the ring, or counts it as overrun; decides from the consumer index as this core sees it.</summary>
    private bool Write(RingDescriptor ring, RingRecord record, ExtractHit hit, ref VirtualInstant at, IOutbox outbox)
    {
        CoreLease lease = hit.Lease;
        if (!producers.TryGetValue(ring.Index, out TraceRingProducer? producer))
        {
            producers[ring.Index] = producer = new TraceRingProducer(lease.Scenario.Trace.RingSlots);
        }

        bool local = lease.Topology.GposCore == core;
        uint view = local ? TraceRing.ReadConsumer(lease.Rings!.Bytes(ring.Index)) : lease.ConsumerViews.GetValueOrDefault(ring.Index);
        uint sequence = producer.Next;
        byte[] slot = new byte[RingRecord.Size];
        bool written = producer.TryProduce(record, view, slot);
        at = lease.Charge(
            hit.Cause, StepKind.RingWrite, CostCategory.RingWrite, at, lease.Costs.RingWrite, record.Pc, sequence, written ? 0UL : 1UL);
        RingStore store = new(ring.Index, written ? slot : ReadOnlyMemory<byte>.Empty, producer.Next, producer.Overrun);
        if (local)
        {
            lease.Rings!.Apply(store);
        }
        else
        {
            lease.SendAcross(at, hit.Cause, lease.Topology.GposCore, store, outbox);
        }

        return written;
    }

    private ReadySetTracker Tracker(GuestId guest)
    {
        if (!readySets.TryGetValue(guest, out ReadySetTracker? tracker))
        {
            readySets[guest] = tracker = new ReadySetTracker();
        }

        return tracker;
    }
}
