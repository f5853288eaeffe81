using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Cli;

/// <summary>A <see cref="RunReport"/> as JSON; docs/CLI.md describes the document.</summary>
internal static class RunReportJson
{
    /// <summary>Indented, ASCII where JSON needs it only.</summary>
    public static readonly JsonSerializerOptions Options =
        new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document.</summary>
    public static JsonObject Build(RunReport report)
    {
        RunSummary summary = report.Summary;
        return new JsonObject
        {
            ["scenario"] = summary.Name,
            ["runId"] = report.RunId,
            ["runHash"] = report.RunHash,
            ["journal"] = report.JournalPath,
            ["end"] = summary.EndReason,
            ["simulatedCycles"] = summary.End.Cycles,
            ["simulatedNanoseconds"] = summary.Nanoseconds,
            ["instructions"] = summary.Instructions,
            ["wallSeconds"] = report.WallSeconds,
            ["speed"] = report.Speed,
            ["hits"] = summary.Hits,
            ["ipis"] = summary.Ipis,
            ["injections"] = summary.Injections,
            ["lost"] = summary.Lost,
            ["lossEquationHolds"] = summary.Balances,
            ["cpus"] = Array(summary.Cpus, Cpu),
            ["tasks"] = Array(summary.Tasks, Task),
            ["cores"] = Array(summary.Cores.OrderBy(c => c.Core.Index), Core),
            ["probes"] = Array(summary.Probes, Probe),
            ["commands"] = Array(summary.Commands, Command),
        };
    }

    private static JsonObject Cpu(CpuSummary cpu) => new()
    {
        ["cpu"] = cpu.Cpu,
        ["guest"] = cpu.Guest,
        ["events"] = cpu.Events,
        ["switches"] = cpu.Switches,
        ["lost"] = cpu.Lost,
        ["observedCycles"] = cpu.ObservedCycles,
        ["busyCycles"] = cpu.BusyCycles,
    };

    private static JsonObject Task(TaskSummary task) => new()
    {
        ["cpu"] = task.Cpu,
        ["pid"] = task.Pid,
        ["comm"] = task.Comm,
        ["runs"] = task.Runs,
        ["cycles"] = task.Cycles,
        ["share"] = task.Share,
        ["jobs"] = task.Jobs,
        ["minNanoseconds"] = task.MinNanoseconds,
        ["meanNanoseconds"] = task.MeanNanoseconds,
        ["maxNanoseconds"] = task.MaxNanoseconds,
    };

    internal static JsonObject Core(CoreSummary core) => new()
    {
        ["core"] = core.Core.Index,
        ["steps"] = Counts(core.Steps.OrderBy(s => s.Key).Select(s => (s.Key.ToString(), s.Value))),
        ["cycles"] = Counts(core.Cycles.OrderBy(c => c.Key).Select(c => (c.Key.ToString(), c.Value))),
    };

    internal static JsonObject Probe(ProbeCountsRecord probe) => new()
    {
        ["probe"] = probe.Probe,
        ["name"] = probe.Name,
        ["guest"] = probe.Vcpu.Guest.Index,
        ["vcpu"] = probe.Vcpu.Index,
        ["lane"] = probe.Lane,
        ["status"] = probe.Status,
        ["hits"] = probe.Hits,
        ["filtered"] = probe.Filtered,
        ["inRing"] = probe.InRing,
        ["overrun"] = probe.Overrun,
        ["drained"] = probe.Drained,
        ["converted"] = probe.Converted,
        ["rejected"] = probe.Rejected,
        ["balances"] = probe.Balances,
    };

    private static JsonObject Command(ControlRecord command) => new()
    {
        ["atCycles"] = command.At.Cycles,
        ["file"] = command.File,
        ["value"] = command.Value,
        ["result"] = command.Result,
    };

    internal static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> build) => new([.. items.Select(i => (JsonNode)build(i))]);

    private static JsonObject Counts(IEnumerable<(string Name, ulong Count)> counts)
    {
        var result = new JsonObject();
        foreach ((string name, ulong count) in counts)
        {
            result[char.ToLowerInvariant(name[0]) + name[1..]] = count;
        }

        return result;
    }
}
