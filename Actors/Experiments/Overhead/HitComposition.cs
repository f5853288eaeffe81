using ActorTrace.Machine.Boards;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>A part of what an event costs: an entry of the board's cost table, some number of times.</summary>
/// <param name="Cost">Name of the entry.</param>
/// <param name="Times">How often.</param>
/// <param name="Why">What it pays for.</param>
public sealed record CostPart(string Cost, int Times, string Why)
{
    /// <summary>Core cycles by a table.</summary>
    public ulong Cycles(CostTable costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return costs.Entries.Single(e => string.Equals(e.Name, Cost, StringComparison.Ordinal)).Cycles * (ulong)Times;
    }
}

/// <summary>
/// What the traced core pays for a hit and for a tick, put together from the sources and not from any run. The guest is on another core
/// than the GPOS, its kernel is read by scenarios/profiles/ucos2.yaml.
/// </summary>
/// <remarks>The displaced instruction takes what it takes without a probe, so it is no part.</remarks>
public static class HitComposition
{
    /// <summary>What is read of a task (the keys of `task` in the profile), in words.</summary>
    public static IReadOnlyList<(string What, int Words)> OfTask { get; } =
    [
        ("idle: OSTCBPrio", 1),
        ("id: OSTCBPrio", 1),
        ("name: 15 bytes of OSTCBTaskName", 4),
        ("priority: OSTCBPrio", 1),
        ("state: OSTCBPrio twice, an entry of OSRdyTbl", 3),
        ("stackPointer: OSTCBStkPtr", 1),
    ];

    private const int PointerWords = 1;
    private const int ReadySetWords = 2;
    private const int StackWords = 4;

    private static int TaskWords => OfTask.Sum(w => w.Words);

    /// <summary>Words of a switch hit: OSTCBCur and its task, OSTCBHighRdy and its task, the ready set, each task that became ready
    /// (its entry of OSTCBPrioTbl and the task), the top of the stack.</summary>
    public static int SwitchWords(int woken) => (2 * (PointerWords + TaskWords)) + ReadySetWords + (woken * (PointerWords + TaskWords)) + StackWords;

    /// <summary>Words of a hit on a function's entry: OSTCBCur and its task, the top of the stack.</summary>
    public static int FunctionWords => PointerWords + TaskWords + StackWords;

    /// <summary>A hit of a switch probe.</summary>
    /// <param name="woken">Tasks that became ready since the hit before.</param>
    public static IReadOnlyList<CostPart> SwitchHit(int woken) => Hit(SwitchWords(woken));

    /// <summary>A hit of a probe on a function's entry.</summary>
    public static IReadOnlyList<CostPart> FunctionHit() => Hit(FunctionWords);

    /// <summary>A tick of the guest's virtual timer, traced or not.</summary>
    public static IReadOnlyList<CostPart> Tick() =>
    [
        new("trap-entry", 1, "the timer's interrupt leaves the guest"),
        new("route", 1, "contained in trap-entry"),
        new("interrupt-take", 1, "acknowledge and end of the physical interrupt"),
        new("injection", 1, "the virtual interrupt goes into a list register"),
        new("trap-exit", 1, "back to the guest"),
    ];

    /// <summary>The sum of the parts.</summary>
    public static ulong Cycles(IEnumerable<CostPart> parts, CostTable costs) => parts.Aggregate(0UL, (sum, part) => sum + part.Cycles(costs));

    private static IReadOnlyList<CostPart> Hit(int words) =>
    [
        new("trap-entry", 1, "the probe instruction leaves the guest"),
        new("route", 1, "contained in trap-entry"),
        new("tcb-word", words, "words read of the guest's kernel data and stack"),
        new("ring-write", 1, "one record into the ring"),
        new("sgi-send", 1, "the announcement to the GPOS's core"),
        new("trap-exit", 1, "back to the guest, whose displaced instruction runs"),
    ];
}
