using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>The parts of a simulated system. Each is an actor; in the sequential engine each is called in turn.</summary>
public enum Role : byte
{
    /// <summary>Grants the windows of virtual time.</summary>
    Clock,

    /// <summary>The interrupt controller's distributor and the wires between cores.</summary>
    Gic,

    /// <summary>A physical core.</summary>
    Core,

    /// <summary>A guest virtual machine.</summary>
    Guest,

    /// <summary>The hypervisor's trap router on a core.</summary>
    Router,

    /// <summary>The hypervisor's vCPU scheduler on a core.</summary>
    Scheduler,

    /// <summary>The hypervisor's device emulation on a core.</summary>
    VirtualDevices,

    /// <summary>The hypervisor's trace control and guest trace manager on a core.</summary>
    TraceControl,

    /// <summary>The hypervisor's dynamic instrumentation manager on a core.</summary>
    Instrumentation,

    /// <summary>The hypervisor's guest information extractor on a core.</summary>
    Extraction,

    /// <summary>The hypervisor's virtual interrupt injection on a core.</summary>
    Injection,

    /// <summary>The hypervisor's emulation of the guests' physical timer on a core.</summary>
    VirtualTimers,

    /// <summary>The hypervisor's answers to the guests' own hypercalls on a core.</summary>
    Hypercalls,

    /// <summary>The journal.</summary>
    Journal,

    /// <summary>The run itself: topology, supervision, start and end.</summary>
    Simulation,
}

/// <summary>The name of a part of the simulated system.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Index">Which: the core for per-core parts, the guest for guests, 0 otherwise.</param>
public readonly record struct Address(Role Role, byte Index)
{
    /// <summary>The clock.</summary>
    public static readonly Address Clock = new(Role.Clock, 0);

    /// <summary>The GIC.</summary>
    public static readonly Address Gic = new(Role.Gic, 0);

    /// <summary>The journal.</summary>
    public static readonly Address Journal = new(Role.Journal, 0);

    /// <summary>The run.</summary>
    public static readonly Address Simulation = new(Role.Simulation, 0);

    /// <summary>A part that exists once for each core.</summary>
    public static Address Of(Role role, CoreId core) => new(role, core.Index);

    /// <summary>A guest.</summary>
    public static Address Of(GuestId guest) => new(Role.Guest, guest.Index);
}

/// <summary>Where a part puts the messages it sends.</summary>
public interface IOutbox
{
    /// <summary>Sends a message; it is handled after the present one, in the order of sending for each receiver.</summary>
    void Send(Address to, object message);
}

/// <summary>The pure part behind an actor: decides and applies; reached by messages only.</summary>
public interface IPart
{
    /// <summary>Its name.</summary>
    Address Address { get; }

    /// <summary>Handles one message.</summary>
    /// <exception cref="ProtocolViolationException">The message is not allowed in the present state.</exception>
    void Handle(object message, IOutbox outbox);
}

/// <summary>A part got a message that its protocol does not allow in its present state: a broken invariant of ours.</summary>
public sealed class ProtocolViolationException(Address part, string state, object message)
    : InvalidOperationException($"{part.Role} {part.Index}: {message.GetType().Name} is not allowed while {state}.")
{
    /// <summary>Who got it.</summary>
    public Address Part { get; } = part;
}
