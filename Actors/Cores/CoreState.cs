using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Cores;

/// <summary>
/// A physical core as an actor sees it: runs guest code inside granted windows, takes cross-core messages at their stamps, and
/// hands itself to the hypervisor at a trap. A trap begins only inside a window; where the window is over first, it waits.
/// </summary>
public sealed class CoreState : IPart
{
    private readonly SortedSet<CrossCoreMessage> inbox = new(Comparer<CrossCoreMessage>.Create((a, b) => a.Stamp.CompareTo(b.Stamp)));
    private readonly bool hypervisor;
    private readonly GuestId? nativeGuest;
    private CoreLease? lease;
    private Phase phase = Phase.Created;
    private VirtualInstant limit;
    private VirtualInstant horizon;
    private RunUntil? waiting;
    private CoreExit? pendingExit;
    private long delivered;
    private long batches;

    /// <summary>Creates the state of a core.</summary>
    /// <param name="lease">Its resources.</param>
    /// <param name="nativeGuest">The guest that runs on it without a hypervisor, null where there is none.</param>
    public CoreState(CoreLease lease, GuestId? nativeGuest)
    {
        ArgumentNullException.ThrowIfNull(lease);
        this.lease = lease;
        this.nativeGuest = nativeGuest;
        hypervisor = lease.Scenario.Hypervisor;
        Address = Address.Of(Role.Core, lease.Id);
        lease.Peripherals.SgiSent = SendGuestSgi;
        lease.Peripherals.EventSent = SendGuestEvent;
    }

    private enum Phase
    {
        Created,
        Starting,
        Idle,
        WaitingForDeliveries,
        Running,
        InHypervisor,
        Stopping,
        Stopped,
    }

    /// <inheritdoc/>
    public Address Address { get; }

    private CoreLease Lease => lease ?? throw new InvalidOperationException("The lease is with the hypervisor.");

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message, phase)
        {
            case (Deliver deliver, _):
                Receive(deliver.Message, outbox);
                break;
            case (StartCore, Phase.Created):
                Start(outbox);
                break;
            case (GuestSwitchedIn switched, Phase.Starting):
                Lease.Attach(switched.Guest, switched.Guest.Present);
                EndQuantum(outbox);
                break;
            case (ResumeGuest resume, Phase.Starting or Phase.InHypervisor):
                Resume(resume, outbox);
                break;
            case (RunUntil run, Phase.Idle):
                Run(run, outbox);
                break;
            case (QueueControlWrite queue, Phase.Idle):
                (Lease.Writes ?? throw new ProtocolViolationException(Address, "without the GPOS", message)).Add(queue.Write);
                break;
            case (FlushRecords, Phase.Idle):
                Flush(Lease, outbox, true);
                outbox.Send(Address.Clock, new RecordsFlushed(Lease.Id, batches));
                break;
            case (StopCore stop, Phase.Idle):
                Stop(stop.At, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, phase.ToString(), message);
        }
    }

    private void Start(IOutbox outbox)
    {
        phase = Phase.Starting;
        if (hypervisor)
        {
            Stamp cause = Lease.NewStamp(VirtualInstant.Zero);
            CoreLease given = HandOver();
            outbox.Send(Address.Of(Role.Scheduler, given.Id), new Hypervisor.Scheduler.StartScheduling(VirtualInstant.Zero, cause, given));
        }
        else if (nativeGuest is { } guest)
        {
            outbox.Send(Address.Of(guest), new SwitchIn(Address));
        }
        else
        {
            EndQuantum(outbox);
        }
    }

    private void Run(RunUntil run, IOutbox outbox)
    {
        if (delivered < run.Deliveries)
        {
            waiting = run;
            phase = Phase.WaitingForDeliveries;
            return;
        }

        phase = Phase.Running;
        limit = run.Limit;
        Lease.Cut = VirtualInstant.Never;
        Lease.BeginTurn();
        Continue(outbox);
    }

    private void Receive(CrossCoreMessage message, IOutbox outbox)
    {
        if (message.Stamp.At < horizon)
        {
            throw new InvalidOperationException(
                $"{message.Stamp} reaches {Address.Role} {Address.Index} after it was allowed to run to {horizon}: somebody's next activity was announced too late.");
        }

        delivered++;
        inbox.Add(message);
        if (phase == Phase.WaitingForDeliveries && waiting is { } run && delivered >= run.Deliveries)
        {
            waiting = null;
            Run(run, outbox);
        }
    }

    private void Continue(IOutbox outbox)
    {
        CoreLease own = Lease;
        own.Outbox = outbox;
        while (true)
        {
            // Past the window's end not every message of that time is here yet: none is taken.
            VirtualInstant stop = VirtualInstant.Min(limit, own.Cut);
            if (own.Core.Now >= stop)
            {
                horizon = stop;
                EndQuantum(outbox);
                return;
            }

            TakeArrivals(own);

            if (pendingExit is { } waitingExit)
            {
                pendingExit = null;
                Trap(waitingExit, true, outbox);
                return;
            }

            if (inbox.Min is { } next)
            {
                stop = VirtualInstant.Min(stop, next.Stamp.At);
            }

            CoreExit exit = RunGuest(own, stop);
            if (exit.Kind != CoreExitKind.LimitReached)
            {
                Trap(exit, false, outbox);
                return;
            }
        }
    }

    private static CoreExit RunGuest(CoreLease own, VirtualInstant stop) =>
        own.Vcpu is { Runs: true } vcpu ? vcpu.Program.RunUntil(own.Core, stop) : HaltedProgram.RunUntil(own, stop);

    private void Trap(CoreExit exit, bool ofDisplaced, IOutbox outbox)
    {
        if (!hypervisor)
        {
            NativeExit(exit, outbox);
            return;
        }

        phase = Phase.InHypervisor;
        CoreLease given = HandOver();
        VirtualInstant at = given.Core.Now;
        outbox.Send(Address.Of(Role.Router, given.Id), new TrapTaken(at, given.NewStamp(at), given, exit) { OfDisplaced = ofDisplaced });
    }

    /// <summary>Without a hypervisor a core leaves guest code only when the guest can make no more progress.</summary>
    private void NativeExit(CoreExit exit, IOutbox outbox)
    {
        CoreLease own = Lease;
        if (exit.Kind != CoreExitKind.GuestDead || own.Guest is null)
        {
            throw new InvalidOperationException($"{own.Id} left native code with {exit}.");
        }

        own.Guest.Present.Dead = true;
        Stamp cause = own.NewStamp(own.Core.Now);
        own.Recorder.GuestState(new GuestStateRecord(
            cause, own.Core.Now, own.Guest.Vcpu.Id, "dead", GuestDeath.Describe(exit)));
        Continue(outbox);
    }

    private void Resume(ResumeGuest resume, IOutbox outbox)
    {
        bool starting = phase == Phase.Starting;
        lease = resume.Lease;
        lease.Outbox = outbox;
        lease.Core.AdvanceTo(resume.At);
        if (resume.Displaced is { } displaced)
        {
            RunDisplaced(resume, displaced);
        }

        if (starting)
        {
            EndQuantum(outbox);
            return;
        }

        phase = Phase.Running;
        Continue(outbox);
    }

    private void RunDisplaced(ResumeGuest resume, DisplacedInstruction displaced)
    {
        CoreLease own = Lease;
        uint pc = own.Core[15];
        VirtualInstant start = own.Core.Now;
        pendingExit = own.Core.ExecuteDisplaced(displaced.Bits);
        own.Charge(resume.Cause, StepKind.DisplacedInstruction, CostCategory.None, start, own.Core.Now - start, pc, displaced.Bits, displaced.Probe);
    }

    private void TakeArrivals(CoreLease own)
    {
        while (inbox.Min is { } message && message.Stamp.At <= own.Core.Now)
        {
            inbox.Remove(message);
            switch (message.Effect)
            {
                case SgiSignal signal:
                    if (signal.Item is { } item)
                    {
                        own.Mailbox.Enqueue((message.Stamp, message.Cause, item));
                    }

                    own.Peripherals.RaiseSgi(signal.Sgi, message.Stamp.Source, own.Core.Now);
                    break;
                case RingStore store:
                    (own.Rings ?? throw new InvalidOperationException($"{own.Id} holds no rings.")).Apply(store);
                    break;
                case EventSignal signal when own.Guest?.Id == signal.Guest:
                    own.Vcpu?.Context.SignalEvent();
                    break;
                case EventSignal:
                    break;
                case ConsumerStore store:
                    own.ConsumerViews[store.Ring] = store.Consumer;
                    break;
                default:
                    throw new InvalidOperationException($"{message.Effect} is no known effect.");
            }
        }
    }

    private void EndQuantum(IOutbox outbox)
    {
        phase = Phase.Idle;
        CoreLease own = Lease;
        own.Recorder.Pass(own.Core.Now);
        Flush(own, outbox, false);
        VirtualInstant next = pendingExit is not null ? own.Core.Now : NextActivity(own);
        if (inbox.Min is { } message)
        {
            next = VirtualInstant.Min(next, message.Stamp.At);
        }

        outbox.Send(Address.Clock, new QuantumEnded(own.Id, own.Core.Now, next, own.Sends, batches));
    }

    private static VirtualInstant NextActivity(CoreLease own) =>
        own.Vcpu is { Runs: true } vcpu ? vcpu.Program.NextActivity(own.Core) : HaltedProgram.NextActivity(own);

    private void Flush(CoreLease own, IOutbox outbox, bool all)
    {
        foreach (StoreBatch batch in own.Recorder.TakeBatches(all))
        {
            batches++;
            outbox.Send(Address.Journal, batch);
        }
    }

    private void Stop(VirtualInstant at, IOutbox outbox)
    {
        CoreLease own = Lease;
        if (own.Guest is { } guest && own.Vcpu is { } vcpu)
        {
            guest.RecordUnfinishedLine(own);
            if (vcpu.Program is WorkloadProgram workload)
            {
                own.Outbox = outbox;
                workload.Finish(VirtualInstant.Max(at, own.Core.Now));
            }

            own.Detach();
        }

        own.Undelivered.AddRange(inbox);
        Flush(own, outbox, true);
        phase = Phase.Stopped;
        outbox.Send(Address.Simulation, new CoreStopped(own.Id, own, batches));
        lease = null;
    }

    private CoreLease HandOver()
    {
        CoreLease given = Lease;
        lease = null;
        return given;
    }

    /// <summary>A guest that runs natively wrote GICD_SGIR: the interrupt reaches the other cores after the SGI latency.</summary>
    private void SendGuestSgi(Machine.Gic.SgiRequest request)
    {
        CoreLease own = Lease;
        Stamp cause = own.NewStamp(request.At);
        foreach (CoreId target in request.Targets)
        {
            own.SendAcross(request.At, cause, target, new SgiSignal(request.Sgi, null), own.Outbox ?? throw new InvalidOperationException($"{own.Id} is not running."));
        }

        own.Core.StopAt(own.Cut);
    }

    /// <summary>The guest on the core executed SEV: its vCPUs on other cores get the event after the SGI latency. On this core WFE yields and asks again.</summary>
    private void SendGuestEvent(VirtualInstant at)
    {
        CoreLease own = Lease;
        GuestLease guest = own.Guest ?? throw new InvalidOperationException("An event without a guest.");
        Stamp cause = own.NewStamp(at);
        foreach (CoreId target in own.Scenario.Guests[guest.Id.Index].VcpuCores.Distinct().Where(c => c != own.Id))
        {
            own.SendAcross(at, cause, target, new EventSignal(guest.Id), own.Outbox ?? throw new InvalidOperationException($"{own.Id} is not running."));
        }

        own.Core.StopAt(own.Cut);
    }
}
