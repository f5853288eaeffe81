using System.Text.Json.Nodes;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>A <see cref="TwinComparison"/> as JSON; docs/COMPARE.md describes the document. All times are core clock cycles.</summary>
internal static class CompareJson
{
    /// <summary>The document.</summary>
    public static JsonObject Build(TwinComparison comparison) => new()
    {
        ["scenario"] = comparison.Scenario,
        ["coreHz"] = comparison.Clock.CoreHz,
        ["cyclesPerInstruction"] = comparison.Clock.CyclesPerInstruction,
        ["duration"] = comparison.Duration,
        ["identity"] = new JsonObject
        {
            ["identical"] = comparison.Proof.Holds,
            ["observedHash"] = comparison.Proof.Observed,
            ["unobservedHash"] = comparison.Proof.Unobserved,
        },
        ["variants"] = Array(comparison.Variants, Variant),
    };

    private static JsonObject Variant(VariantShift variant) => new()
    {
        ["name"] = variant.Name,
        ["hash"] = variant.Hash,
        ["guests"] = Array(variant.Guests, Guest),
        ["cores"] = Array(variant.Cores, core => new JsonObject
        {
            ["core"] = core.Core.Index,
            ["untraced"] = Account(core.Untraced),
            ["traced"] = Account(core.Traced),
            ["causes"] = Array(core.Causes, Cause),
        }),
        ["overheads"] = Array(variant.Overheads, Overhead),
        ["probes"] = Array(variant.Probes, RunReportJson.Probe),
    };

    private static JsonObject Guest(GuestShift guest) => new()
    {
        ["guest"] = guest.Guest,
        ["vcpu"] = guest.Vcpu.Index,
        ["tasks"] = Array(guest.Tasks, Task),
        ["tasksOnlyTraced"] = new JsonArray([.. guest.OnlyTraced.Select(name => (JsonNode)name)]),
        ["order"] = new JsonObject
        {
            ["compared"] = guest.Order.Compared,
            ["moved"] = guest.Order.Moved,
            ["onlyUntraced"] = guest.Order.OnlyUntraced,
            ["onlyTraced"] = guest.Order.OnlyTraced,
        },
        ["sameWork"] = guest.Work is { } work ? Work(work) : null,
    };

    private static JsonObject Task(TaskShift task) => new()
    {
        ["pid"] = task.Pid,
        ["comm"] = task.Comm,
        ["untracedJobs"] = task.UntracedJobs,
        ["tracedJobs"] = task.TracedJobs,
        ["execution"] = Figures(task.Execution),
        ["response"] = Figures(task.Response),
        ["completion"] = Figures(task.Completion),
        ["deadline"] = task.Deadline is not { } deadline ? null : new JsonObject
        {
            ["deadline"] = deadline.Cycles,
            ["checked"] = deadline.Checked,
            ["untracedMisses"] = deadline.UntracedMisses,
            ["tracedMisses"] = deadline.TracedMisses,
            ["lost"] = deadline.Lost,
            ["firstLost"] = deadline.FirstLost,
        },
    };

    private static JsonObject Figures(ShiftFigures figures) => new()
    {
        ["count"] = figures.Count,
        ["changed"] = figures.Changed,
        ["min"] = figures.Min,
        ["mean"] = figures.Mean,
        ["p50"] = figures.P50,
        ["p99"] = figures.P99,
        ["max"] = figures.Max,
        ["histogram"] = Array(figures.Bins, bin => new JsonObject { ["from"] = bin.From, ["to"] = bin.To, ["count"] = bin.Count }),
    };

    private static JsonObject Work(SameWork work) => new()
    {
        ["task"] = work.Task,
        ["job"] = work.Job,
        ["untraced"] = Account(work.Untraced),
        ["traced"] = Account(work.Traced),
        ["difference"] = work.Difference,
        ["explained"] = work.Explained,
        ["addedInstructions"] = work.AddedInstructions,
        ["causes"] = Array(work.Causes, Cause),
    };

    private static JsonObject Account(CycleAccount account) => new()
    {
        ["at"] = account.At,
        ["charged"] = account.Charged,
        ["instructions"] = account.Instructions,
        ["instructionCycles"] = account.InstructionCycles,
        ["deviceCycles"] = account.DeviceCycles,
        ["idleCycles"] = account.IdleCycles,
    };

    private static JsonObject Cause(CauseShift cause) => new()
    {
        ["cause"] = cause.Cause,
        ["untraced"] = cause.Untraced,
        ["traced"] = cause.Traced,
        ["added"] = cause.Added,
    };

    private static JsonObject Overhead(Overhead overhead) => new()
    {
        ["core"] = overhead.Core.Index,
        ["armedCycles"] = overhead.ArmedCycles,
        ["hits"] = overhead.Hits,
        ["cycles"] = overhead.Cycles,
        ["hitsPerSecond"] = overhead.Rate,
        ["cyclesPerHit"] = overhead.CyclesPerHit,
        ["overheadPercent"] = overhead.Share * 100,
        ["hitsPerSecondWithinOnePercent"] = overhead.RateWithinBudget,
        ["probes"] = Array(overhead.Costs, Costs),
    };

    private static JsonObject Costs(HitCosts costs)
    {
        var cycles = new JsonObject();
        foreach ((CostCategory category, ulong sum) in costs.Cycles)
        {
            cycles[CauseShift.Name(category)] = sum;
        }

        return new JsonObject { ["probe"] = costs.Probe, ["name"] = costs.Name, ["hits"] = costs.Hits, ["cycles"] = cycles };
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> build) => RunReportJson.Array(items, build);
}
