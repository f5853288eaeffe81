using System.Globalization;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>What a monitor with one mistake saw of a system, and what ours did.</summary>
/// <param name="Theirs">By the double.</param>
/// <param name="Ours">By the hypervisor as it is.</param>
/// <param name="Also">What else became of the system with the mistake.</param>
internal sealed record MistakeResult(SeenSwitches Theirs, SeenSwitches Ours, string Also)
{
    /// <summary>What happened in the undisturbed system and the double's log does not have.</summary>
    public int Lost => Ours.Happened - Theirs.Seen - Theirs.Underway;
}

/// <summary>A mistake of the public monitor, put into the hypervisor and run.</summary>
/// <param name="name">The mistake.</param>
/// <param name="where">System and probes.</param>
/// <param name="loses">Whether it loses there; else the row shows what the loss comes from.</param>
/// <param name="run">Runs it, and ours.</param>
internal sealed class Mistake(string name, string where, bool loses, Func<MistakeResult> run)
{
    private const string Slow = "  sgiLatency: 5us\n";

    // The latency of an SGI sets the step of the sequential engine: ten times the usual one makes it ten times as fast.
    private static readonly (string, string) Latency = ("preset: arndale\n", "preset: arndale\n" + Slow);

    private static readonly (string, string)[] Common = [Latency, ("duration: 2s", "duration: 220ms")];

    private static readonly (string, string)[] UntilDeath = [Latency, ("duration: 2s", "duration: 135ms")];

    private static readonly (string, string)[] AfterMmu = [.. Common, ("{at: 0,", "{at: 70ms,")];

    private static readonly (string, string)[] Busy =
    [
        Latency, ("duration: 1s", "duration: 220ms"), ("ringSlots: 8", "ringSlots: 1024"),
        ("{at: 300ms, for: 20ms}", "{at: 130ms, for: 20ms}"), ("{at: 600ms, for: 20ms}", "{at: 180ms, for: 20ms}"),
    ];

    private static readonly (string, string)[] TwoTraced =
    [
        ("duration: 2s", "duration: 220ms"), ("preset: arndale\n", "preset: arndale\n  cores: 3\n" + Slow), ("{at: 0,", "{at: 70ms,"),
        ("guests:\n", "guests:\n  - {name: first, core: 2, elf: ../guests/rtos/bin/rtos-mmu.elf, profile: ucos2}\n"),
        ("  - {at: 70ms, file: trace/enable, value: 1}", """
              - {at: 70ms, file: trace/enable, value: 1}
              - {at: 80ms, file: trace/guest, value: first}
              - {at: 80ms, file: trace/probes, value: switch}
              - {at: 80ms, file: trace/enable, value: 1}
            """),
    ];

    // Both run the same kernel at the same addresses; the first has to share its core, so that the two are not in step.
    private static readonly (string, string)[] TwoKernels =
    [
        .. AfterMmu, ("trace/probes, value: switch", "trace/symbol, value: OSTaskSwHook"), ("guests:\n", "guests:\n  - {name: first, core: 0, elf: ../guests/rtos/bin/rtos-mmu.elf, profile: ucos2}\n"),
    ];

    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<Mistake> All { get; } =
    [
        new("one shared slot", "the paper's system, its two probes", loses: true, () => Slot(Load("arndale", [Latency, ("duration: 2s", "duration: 400ms")]), SeenSwitches.Of)),
        new("one shared slot", "a third probe on OSTaskSwHook, two records a switch; Android masks its interrupts twice for 20 ms", loses: true, () => Slot(Load("small-ring", Busy), SwitchesAndHits)),
        new("re-arming at PC + 4", "the paper's two probes (`push`, `bl`)", loses: false, () => Rearm("trace/probes, value: switch", SeenSwitches.Of)),
        new("re-arming at PC + 4", "OSTaskSwHook (`b`); at PC + 4 stands what each switch runs later", loses: false, () => Rearm("trace/symbol, value: OSTaskSwHook", SeenSwitches.OfHits)),
        new("re-arming at PC + 4", "the branch at the end of OSCtxSw, of the switches at task level", loses: true, () => Rearm("trace/symbol, value: OSCtxSw+0x24", AtTaskLevel)),
        new("re-arming at PC + 4", "the return of the switch hook; at PC + 4 stand its constants", loses: true, () => Rearm("trace/symbol, value: truth_switch+0x6c", SeenSwitches.OfHits, UntilDeath)),
        new("one trap address for two cores", "two RTOS guests, each on a core", loses: true, () => TwoCores(shared: true)),
        new("one trap address for each probe", "the same, to see what the loss comes from", loses: false, () => TwoCores(shared: false)),
        new("the first guest's page table", "the RTOS with its MMU on: probes are written by it", loses: true, () => Place(first: true)),
        new("the first guest's page table", "the same, only tasks are read by it", loses: true, () => Reading("arndale-mmu", AfterMmu, first: true, SeenSwitches.Of)),
        new("the first guest's page table", "the first guest is an RTOS too; a probe on OSTaskSwHook, whose tasks are read by it", loses: true, () => Reading("arndale-mmu", TwoKernels, first: true, SeenSwitches.OfHits)),
        new("stage 1 only", "the RTOS with its MMU on: probes are written by it", loses: true, () => Place(first: false)),
        new("stage 1 only", "the same, only tasks are read by it", loses: true, () => Reading("arndale-mmu", AfterMmu, first: false, SeenSwitches.Of)),
    ];

    private readonly Lazy<MistakeResult> result = new(run);

    /// <summary>The mistake.</summary>
    public string Name => name;

    /// <summary>System and probes.</summary>
    public string Where => where;

    /// <summary>Whether it loses there.</summary>
    public bool Loses => loses;

    /// <summary>What came of it; it is run once.</summary>
    public MistakeResult Result => result.Value;

    private static readonly string[] Traced = ["ucos", "first"];

    private delegate SeenSwitches Count(SimulatedRun run, string guest, Predicate<TruthEntry>? happened);

    private static Scenario Load(string name, params (string, string)[] edits) => SimulatedRun.Load(name, edits);

    private static int CoreOf(SimulatedBoard board, string guest) => board.GuestLeases.Single(g => string.Equals(g.Spec.Name, guest, StringComparison.Ordinal)).Spec.Core.Index;

    private static ExtractionState Extraction(SimulatedBoard board) => board.Cores[CoreOf(board, "ucos")].Hypervisor!.Extraction;

    private static InstrumentationState Instrumentation(SimulatedBoard board, string guest) => board.Cores[CoreOf(board, guest)].Hypervisor!.Instrumentation;

    private static MistakeResult Slot(Scenario scenario, Count count)
    {
        OneSharedSlot? slot = null;
        SimulatedRun run = SimulatedRun.Sequentially(scenario, board => [slot = new OneSharedSlot(Extraction(board), board)]);
        return new MistakeResult(count(run, "ucos", null), count(SimulatedRun.ByActors(scenario, 2), "ucos", null), $"{Text(slot!.Overwritten)} records written over unread, none of them told");
    }

    private static MistakeResult Rearm(string probes, Count count, (string, string)[]? edits = null)
    {
        Scenario scenario = Load("arndale", [.. edits ?? Common, ("trace/probes, value: switch", probes)]);
        Dictionary<uint, TrapAddress> each = [];
        RearmBehind? part = null;
        SimulatedRun run = SimulatedRun.Sequentially(
            scenario,
            board => [part = new RearmBehind(Instrumentation(board, "ucos"), probe => each.TryGetValue(probe.Value, out TrapAddress? known) ? known : each[probe.Value] = new TrapAddress())]);
        string death = run.Console("ucos").Split('\n').FirstOrDefault(line => line.Contains("unexpected", StringComparison.Ordinal)) is { } line
            ? "; the guest died: " + line[line.IndexOf("unexpected", StringComparison.Ordinal)..].Split(" lr=")[0] : "";
        return new MistakeResult(count(run, "ucos", null), count(SimulatedRun.ByActors(scenario, 2), "ucos", null), $"{Text(part!.Rearmed)} traps more than hits" + death);
    }

    private static SeenSwitches SwitchesAndHits(SimulatedRun run, string guest, Predicate<TruthEntry>? happened) =>
        Sum(SeenSwitches.Of(run, guest, happened), SeenSwitches.OfHits(run, guest, happened));

    /// <summary>A switch at task level follows another entry of the ring than that of a task made ready by the tick.</summary>
    private static SeenSwitches AtTaskLevel(SimulatedRun run, string guest, Predicate<TruthEntry>? happened)
    {
        IReadOnlyList<TruthEntry> ring = TruthRing.Read(run.Guest(guest));
        HashSet<TruthEntry> atTaskLevel = [.. ring.Where((entry, i) => entry.IsSwitch && i > 0 && ring[i - 1].IsSwitch)];
        return SeenSwitches.OfHits(run, guest, atTaskLevel.Contains);
    }

    private static MistakeResult TwoCores(bool shared)
    {
        Scenario scenario = Load("arndale-mmu", TwoTraced);
        TrapAddress one = new();
        Dictionary<(string, uint), TrapAddress> each = [];
        RearmBehind[] parts = [];
        SimulatedRun run = SimulatedRun.Sequentially(scenario, board => parts =
        [
            .. Traced.Select(guest => new RearmBehind(
                Instrumentation(board, guest),
                probe => shared ? one : each.TryGetValue((guest, probe.Value), out TrapAddress? known) ? known : each[(guest, probe.Value)] = new TrapAddress())),
        ]);
        SimulatedRun ours = SimulatedRun.ByActors(scenario, 2);
        bool broken = parts.Any(part => part.Forgotten > 0);
        return new MistakeResult(
            Sum(SeenSwitches.Of(run, "ucos"), SeenSwitches.Of(run, "first")), Sum(SeenSwitches.Of(ours, "ucos"), SeenSwitches.Of(ours, "first")),
            broken ? "an instruction of the kernel is left out from then on: it switches without end" : "none");
    }

    private static SeenSwitches Sum(SeenSwitches a, SeenSwitches b) =>
        new(a.Happened + b.Happened, a.Seen + b.Seen, a.Wrong + b.Wrong, a.Underway + b.Underway);

    private static MistakeResult Place(bool first)
    {
        Scenario scenario = Load("arndale-mmu", AfterMmu);
        WrongPlace? part = null;
        SimulatedRun run = SimulatedRun.Sequentially(scenario, board =>
        {
            var walks = new WrongWalks(board);
            return [part = new WrongPlace(Instrumentation(board, "ucos"), walks, first ? walks.FirstGuestsTable : WrongWalks.StageOneOnly)];
        });
        return new MistakeResult(
            new SeenSwitches(0, Told(run), 0, 0), SeenSwitches.Of(SimulatedRun.ByActors(scenario, 2), "ucos"),
            $"{Text(part!.Overwritten)} words of Android's kernel overwritten, {Text(part.Nowhere)} probes led to no memory");
    }

    private static MistakeResult Reading(string name, (string, string)[] edits, bool first, Count count)
    {
        Scenario scenario = Load(name, edits);
        WrongReading? part = null;
        SimulatedRun run = SimulatedRun.Sequentially(scenario, board =>
        {
            var walks = new WrongWalks(board);
            return [part = new WrongReading(Extraction(board), walks, first ? walks.FirstGuestsTable : WrongWalks.StageOneOnly)];
        });
        return new MistakeResult(
            count(run, "ucos", null), count(SimulatedRun.ByActors(scenario, 2), "ucos", null), $"{Text(part!.Unreadable)} hits whose tasks cannot be read");
    }

    private static int Told(SimulatedRun run) =>
        run.Records<SwitchRecord>(StreamNames.Lane(run.Board.Topology.RingOf(run.Guest("ucos").Vcpu.Id).Lane)).Count();

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
