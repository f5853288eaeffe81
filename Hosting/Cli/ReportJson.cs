using System.Text.Json.Nodes;
using ActorTrace.Traces.Analysis.Report;

namespace ActorTrace.Hosting.Cli;

/// <summary>A <see cref="TraceReport"/> as JSON; docs/REPORT.md describes the document. All times are nanoseconds.</summary>
internal static class ReportJson
{
    /// <summary>The document.</summary>
    public static JsonObject Build(TraceReport report) => new()
    {
        ["name"] = report.Name,
        ["from"] = report.From,
        ["until"] = report.Until,
        ["events"] = report.Events,
        ["lost"] = report.Lost,
        ["jobsLeftOut"] = report.LeftOut,
        ["cpus"] = Array(report.Cpus, Cpu),
        ["tasks"] = Array(report.Tasks, Task),
        ["inversions"] = new JsonObject
        {
            ["durations"] = Figure(report.Inversions.Durations),
            ["longest"] = Array(report.Inversions.Longest, Inversion),
        },
        ["interruptsOff"] = new JsonObject
        {
            ["durations"] = Figure(report.Interrupts.Durations),
            ["longest"] = Array(report.Interrupts.Longest, Interrupt),
        },
        ["hypervisor"] = report.Hypervisor is { } hypervisor ? Hypervisor(hypervisor) : null,
    };

    private static JsonObject Cpu(CpuReport cpu) => new()
    {
        ["cpu"] = cpu.Cpu,
        ["guest"] = cpu.Guest,
        ["events"] = cpu.Events,
        ["switches"] = cpu.Switches,
        ["lost"] = cpu.Lost,
        ["gaps"] = cpu.Gaps,
        ["observed"] = cpu.Observed,
        ["busy"] = cpu.Busy,
        ["idle"] = cpu.Idle,
    };

    private static JsonObject Task(TaskReport task) => new()
    {
        ["pid"] = task.Pid,
        ["comm"] = task.Comm,
        ["priority"] = task.Priority,
        ["cpus"] = Array(task.Cpus, cpu => new JsonObject { ["cpu"] = cpu.Cpu, ["runTime"] = cpu.RunTime, ["load"] = cpu.Load }),
        ["runTime"] = task.RunTime,
        ["load"] = task.Load,
        ["runs"] = task.Runs,
        ["jobs"] = task.Jobs,
        ["jobsCutByLoss"] = task.CutByLoss,
        ["jobsCutByWindow"] = task.CutByWindow,
        ["period"] = task.Period,
        ["execution"] = Figure(task.Execution),
        ["response"] = Figure(task.Response),
        ["latency"] = Figure(task.Latency),
        ["jitter"] = Figure(task.Jitter),
        ["preemption"] = Figure(task.Preemption),
        ["blocking"] = Figure(task.Blocking),
        ["preemptedWait"] = Figure(task.PreemptedWait),
        ["deadline"] = task.Deadline is { } deadline ? Deadline(deadline) : null,
    };

    private static JsonObject Deadline(DeadlineReport deadline) => new()
    {
        ["deadline"] = deadline.Deadline,
        ["checked"] = deadline.Checked,
        ["misses"] = deadline.Misses,
        ["worst"] = Array(deadline.Worst, miss => new JsonObject
        {
            ["released"] = miss.Released,
            ["completed"] = miss.Completed,
            ["response"] = miss.Response,
            ["late"] = miss.Late,
        }),
    };

    private static JsonObject Inversion(Inversion inversion) => new()
    {
        ["cpu"] = inversion.Cpu,
        ["from"] = inversion.From,
        ["duration"] = inversion.Nanoseconds,
        ["victim"] = Name(inversion.Victim),
        ["culprit"] = Name(inversion.Culprit),
    };

    private static JsonObject Interrupt(InterruptStretch stretch) => new()
    {
        ["cpu"] = stretch.Cpu,
        ["from"] = stretch.From,
        ["duration"] = stretch.Nanoseconds,
        ["irq"] = stretch.Irq,
        ["name"] = stretch.Name,
    };

    private static JsonObject Hypervisor(HypervisorReport report) => new()
    {
        ["cores"] = Array(report.Cores, core => new JsonObject
        {
            ["core"] = core.Core.Index,
            ["observed"] = core.Observed,
            ["hypervisor"] = core.Hypervisor,
            ["busy"] = core.Busy,
            ["idle"] = core.Idle,
            ["untraced"] = core.Untraced,
        }),
        ["occupied"] = Figure(report.Occupied),
        ["longest"] = Array(report.Longest, stretch => new JsonObject
        {
            ["core"] = stretch.Core.Index,
            ["from"] = stretch.From,
            ["duration"] = stretch.Nanoseconds,
            ["guest"] = stretch.Guest,
            ["cause"] = stretch.Cause,
            ["pc"] = stretch.Pc,
        }),
        ["traps"] = Array(report.Traps, trap => new JsonObject
        {
            ["core"] = trap.Core.Index,
            ["exceptionClass"] = trap.ExceptionClass,
            ["cause"] = trap.Cause,
            ["count"] = trap.Count,
            ["cycles"] = trap.Cycles,
            ["durations"] = Figure(trap.Durations),
        }),
        ["hypercalls"] = Array(report.Hypercalls, call => new JsonObject
        {
            ["core"] = call.Core.Index,
            ["immediate"] = call.Immediate,
            ["count"] = call.Count,
            ["cycles"] = call.Cycles,
        }),
        ["costs"] = Array(report.Costs, RunReportJson.Core),
        ["hitToBuffer"] = Array(report.Lanes, lane => new JsonObject
        {
            ["lane"] = lane.Lane,
            ["guest"] = lane.Guest,
            ["vcpu"] = lane.Vcpu,
            ["latency"] = Figure(lane.HitToBuffer),
        }),
        ["ipis"] = Array(report.Ipis, ipi => new JsonObject
        {
            ["from"] = ipi.From.Index,
            ["to"] = ipi.To.Index,
            ["latency"] = Figure(ipi.Latency),
            ["unmatched"] = ipi.Unmatched,
        }),
    };

    private static JsonObject Figure(Distribution figure) => new()
    {
        ["count"] = figure.Count,
        ["min"] = figure.Min,
        ["mean"] = figure.Mean,
        ["p50"] = figure.P50,
        ["p99"] = figure.P99,
        ["max"] = figure.Max,
        ["exact"] = figure.IsExact,
        ["histogram"] = Array(figure.Bins, bin => new JsonObject { ["from"] = bin.From, ["to"] = bin.To, ["count"] = bin.Count }),
    };

    private static JsonObject Name(TaskName task) => new() { ["pid"] = task.Pid, ["comm"] = task.Comm, ["priority"] = task.Priority };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> build) => RunReportJson.Array(items, build);
}
