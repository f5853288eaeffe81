namespace ActorTrace.Machine.Cpu;

/// <summary>
/// Places in a vCPU's code whose arrivals somebody outside the simulation is told of, before the instruction there. He sees the vCPU
/// as it stands and has no influence on it: neither its time nor its state nor its windows change (docs/decisions/0011-observers.md).
/// </summary>
public sealed class CodeWatch
{
    private readonly HashSet<uint> addresses;
    private readonly Action<Core> reached;

    /// <summary>Creates a watch; it is to be set before the run (<see cref="VcpuContext.Watch"/>).</summary>
    /// <param name="addresses">Virtual addresses of instructions, bit 0 clear in both sets.</param>
    /// <param name="reached">Told of each arrival, on the thread of the core, whose R15 is the place. It reads and writes nothing.</param>
    public CodeWatch(IEnumerable<uint> addresses, Action<Core> reached)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(reached);
        this.addresses = [.. addresses];
        this.reached = reached;
    }

    internal IReadOnlyCollection<uint> Addresses => addresses;

    internal bool Sees(uint address) => addresses.Contains(address);

    internal void Tell(Core core) => reached(core);
}
