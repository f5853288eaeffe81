namespace ActorTrace.Machine.Boards;

/// <summary>Core cycles that the hypervisor's actions, and those of the guest software that traces, take on a board.</summary>
/// <remarks>Immutable. A trap costs trap-entry, route, what its service does, and trap-exit.</remarks>
public sealed class CostTable
{
    private readonly ulong[] cycles;

    private CostTable(IReadOnlyList<CostEntry> entries)
    {
        Entries = entries;
        cycles = new ulong[CostNames.All.Count];
        for (int i = 0; i < cycles.Length; i++)
        {
            if (!string.Equals(entries[i].Name, CostNames.All[i], StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"Cost {i} is '{entries[i].Name}' where '{CostNames.All[i]}' belongs.");
            }

            cycles[i] = entries[i].Cycles;
        }
    }

    /// <summary>The Arndale board: two Cortex-A15 at 1.7 GHz.</summary>
    public static CostTable Arndale { get; } = new(ArndaleCosts.Entries);

    /// <summary>The Arndale board where a trap does not save and restore the state of virtual interrupt controller and virtual timers.</summary>
    public static CostTable ArndaleWithoutVgic { get; } = new(ArndaleCosts.EntriesWithoutVgic);

    /// <summary>Everything is free: what tracing observes without what it costs.</summary>
    public static CostTable Zero { get; } =
        new([.. CostNames.All.Select(name => new CostEntry(name, 0, CostOrigin.Assumed, "preset zero: nothing costs anything"))]);

    /// <summary>The names that <see cref="With"/> knows, in the order of <see cref="Entries"/>.</summary>
    public static IReadOnlyList<string> Names => CostNames.All;

    /// <summary>Every cost with its origin.</summary>
    public IReadOnlyList<CostEntry> Entries { get; }

    /// <summary>Exception entry, saving the guest's state and its virtual interrupt interface.</summary>
    public ulong TrapEntry => cycles[0];

    /// <summary>Restoring the guest's state, exception return.</summary>
    public ulong TrapExit => cycles[1];

    /// <summary>Finding the service for an exception class.</summary>
    public ulong Route => cycles[2];

    /// <summary>Finding the probe or handler of a hypercall.</summary>
    public ulong Hypercall => cycles[3];

    /// <summary>Emulating one access to a device register.</summary>
    public ulong Mmio => cycles[4];

    /// <summary>Emulating one access to a system register.</summary>
    public ulong SystemRegister => cycles[5];

    /// <summary>Reading one descriptor word of a translation table.</summary>
    public ulong WalkStep => cycles[6];

    /// <summary>Reading one word of the guest's kernel data.</summary>
    public ulong TcbWord => cycles[7];

    /// <summary>Writing one record into the shared ring.</summary>
    public ulong RingWrite => cycles[8];

    /// <summary>Writing GICD_SGIR with the barrier before it.</summary>
    public ulong SgiSend => cycles[9];

    /// <summary>Acknowledging and ending one physical interrupt.</summary>
    public ulong InterruptTake => cycles[10];

    /// <summary>Putting a virtual interrupt into a list register.</summary>
    public ulong Injection => cycles[11];

    /// <summary>Exchanging the vCPU on a core.</summary>
    public ulong VcpuSwitch => cycles[12];

    /// <summary>Writing an instruction into guest code, with cache maintenance.</summary>
    public ulong Patch => cycles[13];

    /// <summary>Checking and filing a command of the trace controller.</summary>
    public ulong Command => cycles[14];

    /// <summary>Guest software: what the trace interrupt service routine takes beside its records.</summary>
    public ulong TraceIsr => cycles[15];

    /// <summary>Guest software: taking one record out of the ring.</summary>
    public ulong DrainRecord => cycles[16];

    /// <summary>Guest software: converting one record and storing it in the trace buffer.</summary>
    public ulong ConvertRecord => cycles[17];

    /// <summary>Guest software: one write to a file of the trace controller.</summary>
    public ulong ControllerWrite => cycles[18];

    /// <summary>Guest software: one access to its interrupt interface (GICV, natively GICC), beside the instruction.</summary>
    public ulong InterfaceAccess => cycles[19];

    /// <summary>
    /// Where a board has no virtual interrupt interface and no virtual timer: emulating one access to interrupt controller or timer,
    /// or one injection, in user space.
    /// </summary>
    public ulong UserEmulation => cycles[20];

    /// <summary>The same table with one cost changed.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">Core cycles.</param>
    /// <exception cref="ArgumentException">There is no cost of that name.</exception>
    public CostTable With(string name, ulong value)
    {
        CostEntry[] changed = [.. Entries];
        int index = Array.FindIndex(changed, e => string.Equals(e.Name, name, StringComparison.Ordinal));
        if (index < 0)
        {
            throw new ArgumentException($"No cost is named '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
        }

        changed[index] = new CostEntry(name, value, CostOrigin.Assumed, "set by the scenario");
        return new CostTable(changed);
    }
}
