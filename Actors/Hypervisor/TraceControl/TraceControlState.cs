using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.TraceControl;

/// <summary>
/// The trace control device of the GPOS: registers in, checked commands out. A probe of a guest on another core is a request to
/// that core's hypervisor; nobody touches a guest that runs elsewhere.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class TraceControlState(CoreId core) : IPart
{
    private readonly GuestTraceManager manager = new();
    private readonly Dictionary<uint, uint> registers = [];
    private ControlStatus status;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.TraceControl, core);

    /// <summary>Sessions of which no other core knows; to be looked at only after a run.</summary>
    public IEnumerable<TraceSession> NotBegun => manager.NotBegun;

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        if (message is not DoWork work)
        {
            throw new ProtocolViolationException(Address, "waiting", message);
        }

        List<HypervisorWork> followUp = [];
        VirtualInstant at = work.Work switch
        {
            ControlAccessWork access => Access(access, work.At, work.Lease, followUp, outbox),
            MailboxWork { Item: ProbeStateReport report } => Update(report, work.At),
            TimerWork { Entry: var entry } => Begin(entry, work.At, work.Lease, followUp, outbox),
            _ => throw new ProtocolViolationException(Address, "waiting", work.Work),
        };
        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, work.Lease, null, followUp));
    }

    /// <summary>A probe's start time has come. Until then nothing of it is on its guest's core, which so runs as without it.</summary>
    private VirtualInstant Begin(HypTimerEntry due, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox) =>
        manager.Find(due.Probe) is { } session ? Send(Begun(session), due.Cause, at, lease, followUp, outbox) : at;

    private static InstallRequest Begun(TraceSession session)
    {
        session.HasBegun = true;
        return new InstallRequest(session.Definition);
    }

    private VirtualInstant Update(ProbeStateReport report, VirtualInstant at)
    {
        manager.Update(report);
        return at;
    }

    private VirtualInstant Access(ControlAccessWork access, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        uint pc = lease.Core[15];
        uint read = access.Value ?? Read(access.Offset, lease);
        VirtualInstant end = lease.Charge(
            access.Cause, StepKind.Mmio, CostCategory.Mmio, at, lease.Costs.Mmio, pc, access.Offset, read | (access.Value is null ? 0 : 1UL << 32));
        if (access.Value is { } value)
        {
            end = Write(access, value, end, lease, followUp, outbox);
        }

        lease.Core.AdvanceTo(end);
        lease.Core.CompleteEmulated(access.Value is null ? read : null);
        return lease.Core.Now;
    }

    private uint Read(uint offset, CoreLease lease) => offset switch
    {
        ControlRegisters.Id => ControlRegisters.IdValue,
        ControlRegisters.Status => (uint)status,
        ControlRegisters.ProbeState => (uint)(manager.Find((ushort)Register(ControlRegisters.Index))?.State ?? ProbeState.None),
        ControlRegisters.ProbeError => (uint)(manager.Find((ushort)Register(ControlRegisters.Index))?.Error ?? ProbeError.None),
        ControlRegisters.RingCount => (uint)lease.Topology.Rings.Count,
        ControlRegisters.LastProbe => manager.LastNumber,
        _ => Register(offset),
    };

    private VirtualInstant Write(
        ControlAccessWork access, uint value, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        if (access.Offset != ControlRegisters.Command)
        {
            if (access.Offset is >= ControlRegisters.Guest and <= ControlRegisters.EndHigh or ControlRegisters.Index
                or >= ControlRegisters.FilterEvery and <= ControlRegisters.FilterNameEnd)
            {
                registers[access.Offset] = value;
            }

            return at;
        }

        VirtualInstant start = at;
        List<MailboxItem> requests = [];
        status = (ControlCommand)value switch
        {
            ControlCommand.Add => Add(access.Cause, at, lease, requests),
            ControlCommand.RemoveAll => RemoveWhere(lease, requests, _ => true),
            ControlCommand.Remove => RemoveWhere(lease, requests, s => s.Definition.Address.Value == (Register(ControlRegisters.Address) & ~1u)),
            _ => ControlStatus.UnknownCommand,
        };
        at = lease.Charge(
            access.Cause, StepKind.Command, CostCategory.Command, start, lease.Costs.Command, lease.Core[15], value, (ulong)status);
        foreach (MailboxItem request in requests)
        {
            at = Send(request, access.Cause, at, lease, followUp, outbox);
        }

        return at;
    }

    private ControlStatus Add(Stamp cause, VirtualInstant at, CoreLease lease, List<MailboxItem> requests)
    {
        uint number = Register(ControlRegisters.Guest);
        bool thumb = (Register(ControlRegisters.Address) & 1) != 0;
        GuestVa address = new(Register(ControlRegisters.Address) & ~1u);
        bool onReturn = (Register(ControlRegisters.Kind) & ControlRegisters.KindOnReturn) != 0;
        uint kind = Register(ControlRegisters.Kind) & ~ControlRegisters.KindOnReturn;
        if (number >= lease.Scenario.Guests.Count)
        {
            return ControlStatus.NoSuchGuest;
        }

        if (kind > byte.MaxValue || !Enum.IsDefined((ProbeKind)kind) || lease.Scenario.Guests[(int)number].Profile is null)
        {
            return ControlStatus.NoProfile;
        }

        if (!thumb && (address.Value & 3) != 0)
        {
            return ControlStatus.Unaligned;
        }

        (VirtualInstant start, VirtualInstant end) = Window(lease.Scenario.Board);
        if (end <= start)
        {
            return ControlStatus.EndBeforeStart;
        }

        ProbeDefinition wish = new(0, new GuestId((byte)number), address, (ProbeKind)kind, start, end)
        {
            Thumb = thumb,
            OnReturn = onReturn,
            Filter = Filter(),
        };
        if (manager.At(wish) is not null)
        {
            return ControlStatus.AlreadyThere;
        }

        if (manager.IsExhausted || manager.LiveCount >= GuestTraceManager.Quota)
        {
            return ControlStatus.Quota;
        }

        TraceSession session = manager.Add(wish);
        if (start > at)
        {
            lease.Timers.Add(new HypTimerEntry(start, HypTimerPurpose.StartProbe, new VcpuId(wish.Guest, 0), session.Definition.Number, cause));
            return ControlStatus.Ok;
        }

        requests.Add(Begun(session));
        return ControlStatus.Ok;
    }

    private ProbeFilter Filter()
    {
        uint by = Register(ControlRegisters.FilterTask);
        return new ProbeFilter(
            (by & ControlRegisters.FilterTaskById) != 0 ? Register(ControlRegisters.FilterId) : null,
            (by & ControlRegisters.FilterTaskByName) != 0 ? FilterName() : null,
            Math.Max(1, Register(ControlRegisters.FilterEvery)));
    }

    private string FilterName()
    {
        System.Text.StringBuilder name = new();
        for (uint offset = ControlRegisters.FilterName; offset <= ControlRegisters.FilterNameEnd; offset += sizeof(uint))
        {
            for (int i = 0; i < sizeof(uint); i++)
            {
                name.Append((char)(byte)(Register(offset) >> (8 * i)));
            }
        }

        return name.ToString().TrimEnd('\0');
    }

    private (VirtualInstant Start, VirtualInstant End) Window(BoardSpec board)
    {
        ulong start = Wide(ControlRegisters.StartLow, ControlRegisters.StartHigh);
        ulong end = Wide(ControlRegisters.EndLow, ControlRegisters.EndHigh);
        return (board.Clock.FromNanoseconds(start), end == 0 ? VirtualInstant.Never : board.Clock.FromNanoseconds(end));
    }

    private ControlStatus RemoveWhere(CoreLease lease, List<MailboxItem> requests, Func<TraceSession, bool> which)
    {
        uint number = Register(ControlRegisters.Guest);
        TraceSession[] found = [.. manager.Live.Where(s => s.Definition.Guest.Index == number && which(s))];
        foreach (TraceSession session in found)
        {
            ushort probe = session.Definition.Number;
            if (session.HasBegun)
            {
                requests.Add(new RemoveRequest(probe, session.Definition.Guest));
                continue;
            }

            lease.Timers.Cancel(HypTimerPurpose.StartProbe, probe);
            manager.Update(new ProbeStateReport(probe, ProbeState.Removed, ProbeError.None));
        }

        return found.Length == 0 ? ControlStatus.NoSuchProbe : ControlStatus.Ok;
    }

    private VirtualInstant Send(
        MailboxItem request, Stamp cause, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        GuestId guest = request is InstallRequest install ? install.Probe.Guest : ((RemoveRequest)request).Guest;
        CoreId target = lease.Scenario.Guests[guest.Index].Core;
        if (target == core)
        {
            followUp.Add(new MailboxWork(cause, request));
            return at;
        }

        at = lease.Charge(cause, StepKind.SgiSend, CostCategory.SgiSend, at, lease.Costs.SgiSend, 0, InterruptNumbers.Mailbox, target.Index);
        lease.SendAcross(at, cause, target, new SgiSignal(InterruptNumbers.Mailbox, request), outbox);
        return at;
    }

    private ulong Wide(uint low, uint high) => Register(low) | ((ulong)Register(high) << 32);

    private uint Register(uint offset) => registers.GetValueOrDefault(offset);
}
