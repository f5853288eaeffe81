using System.Buffers.Binary;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Simulation;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>The probe instruction is written where another walk leads, into whatever lies there.</summary>
internal sealed class WrongPlace(IPart instrumentation, WrongWalks walks, Walk walk) : AlteredPart(instrumentation)
{
    private const uint Hypercall = 0xE140_0070;

    /// <summary>Words of another guest that were written over.</summary>
    public int Overwritten { get; private set; }

    /// <summary>Probes whose address led to no memory.</summary>
    public int Nowhere { get; private set; }

    public override void Handle(object message, IOutbox outbox)
    {
        if (message is not DoWork { Work: MailboxWork { Item: InstallRequest install } } work)
        {
            base.Handle(message, outbox);
            return;
        }

        Span<byte> place = walk(work.Lease, install.Probe.Address) is { } found ? walks.Bytes(found, sizeof(uint)) : [];
        Nowhere += place.IsEmpty ? 1 : 0;
        Overwritten += place.IsEmpty ? 0 : 1;
        if (!place.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, Hypercall);
        }

        outbox.Send(Address.Of(Role.Router, work.Lease.Id), new ServiceDone(work.At, work.Lease));
    }

    protected override object? Alter(object message) => message;
}
