using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads the key `board`: a preset, and what differs from it.</summary>
internal static class BoardReader
{
    private const string Arndale = "arndale";
    private const string WithoutVgic = "arndale-no-vgic";
    private const ulong DefaultSgiLatency = 850;
    private const ulong DefaultMaxWindowNanoseconds = 1_000_000;
    private const ulong MaxCost = 1_000_000_000;

    // The Arndale board: Exynos 5250, two Cortex-A15 at 1.7 GHz, generic timer at 24 MHz.
    private static readonly ClockRates ArndaleClock = new(1_700_000_000, 24_000_000, 1);

    /// <summary>Reads the board.</summary>
    public static BoardSpec Read(MapReader board)
    {
        string preset = board.Choice("preset", Arndale, WithoutVgic, "custom") ?? Arndale;
        bool arndale = preset is not "custom";
        ClockRates clock = ReadClock(board, arndale ? ArndaleClock : null);
        var spec = new BoardSpec
        {
            Cores = (int)(board.Integer("cores", 1, 8) ?? 2),
            Clock = clock,
            SgiLatency = board.Time("sgiLatency")?.ToCycles(clock) ?? DefaultSgiLatency,
            MaxWindow = board.Time("maxWindow")?.ToCycles(clock) ?? clock.FromNanoseconds(DefaultMaxWindowNanoseconds).Cycles,
            Costs = ReadCosts(board.Map("costs"), Costs(preset) ?? CostTable.Zero),
            VirtualInterface = preset is not WithoutVgic,
        };
        board.Done();
        return spec;
    }

    private static ClockRates ReadClock(MapReader board, ClockRates? preset)
    {
        if (board.Map("clock") is not { } clock)
        {
            return preset ?? throw board.Missing("clock", "'clock: {core: 1GHz, timer: 62.5MHz}' or 'preset: arndale'");
        }

        ulong core = Frequency(clock, "core") ?? preset?.CoreHz ?? throw clock.Missing("core", "e.g. 'core: 1GHz'");
        ulong timer = Frequency(clock, "timer") ?? preset?.TimerHz ?? throw clock.Missing("timer", "e.g. 'timer: 62.5MHz'");
        var rates = new ClockRates(core, timer, (uint)(clock.Integer("cyclesPerInstruction", 1, 1_000_000) ?? preset?.CyclesPerInstruction ?? 1));
        clock.Done();
        return rates;
    }

    private static ulong? Frequency(MapReader clock, string key) =>
        clock.Value<ulong>(key, t => Quantity.Frequency(t) is { } hz and >= 1 and <= 100_000_000_000 ? hz : null, Quantity.FrequencyHelp);

    private static CostTable? Costs(string preset) => preset switch
    {
        Arndale => CostTable.Arndale,
        WithoutVgic => CostTable.ArndaleWithoutVgic,
        _ => null,
    };

    private static CostTable ReadCosts(MapReader? costs, CostTable preset)
    {
        if (costs is null)
        {
            return preset;
        }

        string? other = costs.Choice("preset", Arndale, WithoutVgic, "zero");
        CostTable table = other is null ? preset : Costs(other) ?? CostTable.Zero;
        foreach (string name in CostTable.Names)
        {
            if (costs.Integer(name, 0, MaxCost) is { } cycles)
            {
                table = table.With(name, cycles);
            }
        }

        costs.Done();
        return table;
    }
}
