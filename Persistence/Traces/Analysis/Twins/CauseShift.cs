using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>Cycles of one cause in both twins.</summary>
/// <param name="Category">What was charged; null for what is no charge.</param>
/// <param name="Cause">Its name: a category's, or instructions, device access, idle, modelled.</param>
/// <param name="Untraced">Cycles in the untraced twin.</param>
/// <param name="Traced">Cycles in the traced twin.</param>
public sealed record CauseShift(CostCategory? Category, string Cause, ulong Untraced, ulong Traced)
{
    /// <summary>The guest's own instructions.</summary>
    public const string Instructions = "guest instructions";

    /// <summary>Loads and stores of the guest's waited for a device: the interrupt interface.</summary>
    public const string Devices = "device access";

    /// <summary>Nothing to run.</summary>
    public const string Idle = "idle";

    /// <summary>Traced minus untraced.</summary>
    public long Added => checked((long)Traced - (long)Untraced);

    /// <summary>Every cause that occurs in one of two accounts: categories in their order, then instructions, waits for devices, idle time.</summary>
    public static IReadOnlyList<CauseShift> Compare(CycleAccount untraced, CycleAccount traced) =>
    [
        .. Enum.GetValues<CostCategory>().Where(c => untraced.Charges.ContainsKey(c) || traced.Charges.ContainsKey(c))
            .Select(c => new CauseShift(c, Name(c), untraced.Charges.GetValueOrDefault(c), traced.Charges.GetValueOrDefault(c))),
        new CauseShift(null, Instructions, untraced.InstructionCycles, traced.InstructionCycles),
        .. untraced.DeviceCycles + traced.DeviceCycles == 0 ? [] : new[] { new CauseShift(null, Devices, untraced.DeviceCycles, traced.DeviceCycles) },
        new CauseShift(null, Idle, untraced.IdleCycles, traced.IdleCycles),
    ];

    /// <summary>A category in plain words.</summary>
    public static string Name(CostCategory category) => category switch
    {
        CostCategory.TrapEntry => "trap entry",
        CostCategory.TrapExit => "trap exit",
        CostCategory.Walk => "page walk",
        CostCategory.TcbRead => "TCB read",
        CostCategory.RingWrite => "ring write",
        CostCategory.SgiSend => "SGI send",
        CostCategory.InterruptTake => "interrupt take",
        CostCategory.Injection => "injection",
        CostCategory.Mmio => "device emulation",
        CostCategory.VcpuSwitch => "vCPU switch",
        CostCategory.Patch => "patch",
        CostCategory.Command => "command",
        CostCategory.TraceIsr => "trace ISR",
        CostCategory.Conversion => "conversion",
        CostCategory.TraceController => "trace controller",
        CostCategory.SystemRegister => "system register",
        CostCategory.Hypercall => "hypercall",
        _ => category.ToString(),
    };
}
