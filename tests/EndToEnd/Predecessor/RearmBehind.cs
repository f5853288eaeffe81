using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>What a monitor that re-arms behind its probe remembers of the last hit.</summary>
internal sealed class TrapAddress
{
    /// <summary>The probe that was hit last; null where it is armed again.</summary>
    public (GuestVa Probe, uint ProbeBits, uint BehindBits)? Waiting { get; set; }
}

/// <summary>
/// At a hit the guest's own instruction is put back and runs in its place; a second trap at PC + 4 puts the probe there again. Where
/// the instruction branches, nothing comes to PC + 4 for the time being.
/// </summary>
/// <param name="instrumentation">The real one; it finds the probe and has the record made.</param>
/// <param name="addressOf">What is remembered for a probe: one place for all, or each its own.</param>
internal sealed class RearmBehind(IPart instrumentation, Func<GuestVa, TrapAddress> addressOf) : AlteredPart(instrumentation)
{
    private const uint Instruction = 4;
    private readonly Dictionary<uint, TrapAddress> behind = [];

    /// <summary>Second traps that armed a probe again.</summary>
    public int Rearmed { get; private set; }

    /// <summary>Second traps of hits that were forgotten.</summary>
    public int Forgotten { get; private set; }

    public override void Handle(object message, IOutbox outbox)
    {
        if (message is HandleTrap { Exit.Kind: CoreExitKind.Hypercall or CoreExitKind.DebugTrap } trap && behind.TryGetValue(trap.Exit.Pc.Value, out TrapAddress? address))
        {
            if (address.Waiting is { } waiting && waiting.Probe.Value + Instruction == trap.Exit.Pc.Value)
            {
                Rearm(trap, address, waiting);
            }
            else
            {
                // It was forgotten for a later hit: nobody knows what stood there, and the guest goes on behind it.
                Forgotten++;
                trap.Lease.Core[15] += Instruction;
            }

            outbox.Send(Address.Of(Role.Router, trap.Lease.Id), new ServiceDone(trap.At, trap.Lease));
            return;
        }

        base.Handle(message, outbox);
    }

    protected override object? Alter(object message)
    {
        if (message is not ServiceDone { Displaced: { } displaced } done)
        {
            return message;
        }

        GuestVa probe = new(done.Lease.Core[15]);
        GuestVa second = new(probe.Value + Instruction);
        TrapAddress address = addressOf(probe);
        behind[second.Value] = address;
        uint bits = Read(done.Lease, probe);
        address.Waiting = (probe, bits, Read(done.Lease, second));
        Write(done.Lease, probe, displaced.Bits);
        Write(done.Lease, second, bits);
        return done with { Displaced = null };
    }

    private void Rearm(HandleTrap trap, TrapAddress address, (GuestVa Probe, uint ProbeBits, uint BehindBits) waiting)
    {
        Write(trap.Lease, trap.Exit.Pc, waiting.BehindBits);
        Write(trap.Lease, waiting.Probe, waiting.ProbeBits);
        Rearmed++;
        address.Waiting = null;
        behind.Remove(trap.Exit.Pc.Value);
    }

    private static uint Read(CoreLease lease, GuestVa address) =>
        lease.Guest!.Memory.TryReadWord(Locate(lease, address), out uint word) ? word : throw new InvalidOperationException($"{address} is no memory.");

    private static void Write(CoreLease lease, GuestVa address, uint bits)
    {
        Pa found = Locate(lease, address);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(lease.Guest!.Memory.Slice(found, Instruction), bits);
        lease.Core.InvalidateInstructions(found, Instruction);
    }

    private static Pa Locate(CoreLease lease, GuestVa address)
    {
        GuestLease guest = lease.Guest!;
        return Stage2Walk.Translate(guest.Vcpu.Hyp, guest.Memory, lease.Core.TranslateGuest(address, false).Ipa).Pa;
    }
}
