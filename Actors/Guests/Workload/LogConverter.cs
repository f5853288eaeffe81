using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// The log converter: rewrites what the hypervisor tells of a guest's tasks as if they were Linux tasks. Ring memory is guest
/// memory, so what cannot be is refused.
/// </summary>
internal sealed class LogConverter
{
    private const byte SwitchKind = 1;
    private const byte ReadySetKind = 2;
    private const byte FunctionKind = 3;
    private readonly GuestSpec[] guests;
    private readonly ClockRates clock;
    private readonly Dictionary<int, VirtualInstant> lastHit = [];
    private readonly TaskNumbers[] numbers;

    /// <summary>Creates the converter.</summary>
    /// <param name="guests">The guests of the scenario; index = guest number.</param>
    /// <param name="clock">The board's clocks.</param>
    public LogConverter(IReadOnlyList<GuestSpec> guests, ClockRates clock)
    {
        this.guests = [.. guests];
        numbers = [.. guests.Select(_ => new TaskNumbers())];
        this.clock = clock;
    }

    /// <summary>Converts a record.</summary>
    /// <param name="ring">The ring it comes from.</param>
    /// <param name="record">The record.</param>
    /// <param name="now">When it is stored in the trace buffer.</param>
    /// <param name="rejected">Records of the ring that were refused since the last one that was not; they are lost as well.</param>
    /// <param name="converted">Receives the entries of the trace buffer, in order.</param>
    /// <returns>False where the record is refused; then nothing was added.</returns>
    public bool TryConvert(GposRing ring, RingRecord record, VirtualInstant now, ulong rejected, ICollection<LaneRecord> converted)
    {
        VirtualInstant last = lastHit.GetValueOrDefault(ring.Index);
        if (record.Guest != ring.Vcpu.Guest.Index || record.Vcpu != ring.Vcpu.Index || record.HitAt < last || record.HitAt > now)
        {
            return false;
        }

        int guest = ring.Vcpu.Guest.Index;
        Context context = new(ring, record, now, guests[guest], WokenAt(record, last), numbers[guest]);
        List<LaneRecord> made = [];
        if (!TryConvert(context, made))
        {
            return false;
        }

        lastHit[ring.Index] = record.HitAt;
        if (record.LostBefore + rejected > 0 || record.AfterGap)
        {
            converted.Add(new LostRecordsRecord(
                record.Cause, made.Count > 0 ? made[0].At : record.HitAt, now, ring.Vcpu, ring.Core, LinuxTask.IdleOf(ring.Vcpu), record.LostBefore + rejected));
        }

        foreach (LaneRecord entry in made)
        {
            converted.Add(entry);
        }

        return true;
    }

    /// <summary>
    /// When tasks woke up: at the hit of a probe on the ready set; where a switch showed it, some time between two hits, for which the
    /// nanosecond before the switch stands. Linux tools measure from the wake-up to a later switch and take one at the same time for none.
    /// </summary>
    private VirtualInstant WokenAt(RingRecord record, VirtualInstant last)
    {
        ulong nanoseconds = clock.ToNanoseconds(record.HitAt);
        return !record.WakeupsDerived || nanoseconds == 0
            ? record.HitAt
            : VirtualInstant.Max(last, VirtualInstant.Min(record.HitAt, clock.FromNanoseconds(nanoseconds - 1)));
    }

    private static bool TryConvert(Context context, List<LaneRecord> made)
    {
        RingRecord record = context.Record;
        if (!TryMap(context, record.Previous, out TaskReference current))
        {
            return false;
        }

        // The GPOS has a tracer of its own for its switches; what a probe finds in it is a function event.
        bool isOwn = context.Guest.PidBase == 0 && context.Guest.Workload is not null;
        return record.Kind switch
        {
            FunctionKind => AddFunction(context, current, made),
            RingRecord.FunctionReturn => TryAddReturn(context, current, made),
            SwitchKind or ReadySetKind when isOwn => AddFunction(context, current, made),
            ReadySetKind => TryAddWakeups(context, current, made),
            SwitchKind => TryAddWakeups(context, current, made) && TryAddSwitch(context, current, made),
            _ => false,
        };
    }

    private static bool AddFunction(Context context, TaskReference current, List<LaneRecord> made)
    {
        RingRecord record = context.Record;
        made.Add(new FunctionHitRecord(
            record.Cause, record.HitAt, context.Now, context.Ring.Vcpu, context.Ring.Core, current,
            context.Guest.Image.Symbols.Describe(new GuestVa(record.Pc)), record.Pc, record.Lr, record.Sp)
        {
            Stack = new StackTop(record.Stack[0], record.Stack[1], record.Stack[2], record.Stack[3]),
        });
        return true;
    }

    private static bool TryAddReturn(Context context, TaskReference current, List<LaneRecord> made)
    {
        RingRecord record = context.Record;
        if (record.EnteredAt > record.HitAt)
        {
            return false;
        }

        made.Add(new FunctionReturnRecord(
            record.Cause, record.HitAt, context.Now, context.Ring.Vcpu, context.Ring.Core, current,
            context.Guest.Image.Symbols.Describe(new GuestVa(record.Function)), record.Pc, record.Function, record.Sp, record.EnteredAt));
        return true;
    }

    private static bool TryAddWakeups(Context context, TaskReference current, List<LaneRecord> made)
    {
        foreach (TaskSnapshot woken in context.Record.Woken)
        {
            if (!TryMap(context, woken, out TaskReference task))
            {
                return false;
            }

            made.Add(new WakeupRecord(
                context.Record.Cause, context.WokenAt, context.Now, context.Ring.Vcpu, context.Ring.Core, current, task,
                context.Record.WakeupsDerived));
        }

        return true;
    }

    private static bool TryAddSwitch(Context context, TaskReference current, List<LaneRecord> made)
    {
        RingRecord record = context.Record;
        if (!TryMap(context, record.Next, out TaskReference next))
        {
            return false;
        }

        if (current.Pid != next.Pid)
        {
            made.Add(new SwitchRecord(
                record.Cause, record.HitAt, context.Now, context.Ring.Vcpu, context.Ring.Core, current, record.Previous.State, next));
        }

        return true;
    }

    private static bool TryMap(Context context, TaskSnapshot task, out TaskReference mapped) =>
        LinuxTask.TryMap(context.Guest, context.Ring.Vcpu, context.Numbers, task, out mapped);

    private readonly record struct Context(GposRing Ring, RingRecord Record, VirtualInstant Now, GuestSpec Guest, VirtualInstant WokenAt,
        TaskNumbers Numbers);
}
