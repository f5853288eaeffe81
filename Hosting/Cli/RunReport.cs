using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>What `run` and `inspect` tell of a run; read back from the journal in both cases.</summary>
/// <param name="JournalPath">The journal file.</param>
/// <param name="RunId">Its run.</param>
/// <param name="RunHash">64 hex digits; null for a run that was not written to its end.</param>
/// <param name="Summary">The figures.</param>
/// <param name="WallSeconds">Real time the run took; null where the run was read from a journal.</param>
internal sealed record RunReport(string JournalPath, string RunId, string? RunHash, RunSummary Summary, double? WallSeconds)
{
    /// <summary>Simulated seconds a real second; null where not measured.</summary>
    public double? Speed => WallSeconds is > 0 ? Summary.Nanoseconds / 1e9 / WallSeconds : null;

    /// <summary>Reads a run.</summary>
    /// <exception cref="CliFailureException">The journal is damaged.</exception>
    public static RunReport Read(IOpenJournal journal, string path, string runId, double? wallSeconds)
    {
        try
        {
            ITraceSource source = journal.Read(runId);
            return new RunReport(path, runId, journal.HashOf(runId), RunSummarizer.Summarize(source), wallSeconds);
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{path}: {e.Message} (the journal is damaged: repeat the run)");
        }
    }

    /// <summary>Writes the report as text or as JSON.</summary>
    public void Write(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(RunReportJson.Build(this).ToJsonString(RunReportJson.Options));
            return;
        }

        WriteHead(output);
        WriteCpus(output);
        WriteTasks(output);
        WriteCycles(output);
        WriteProbes(output);
        WriteCommands(output);
        output.WriteLine($"journal   {JournalPath}");
        output.WriteLine($"run       {RunId}");
        output.WriteLine($"run hash  {RunHash ?? "none: the run was not written to its end"}");
    }

    private void WriteHead(TextWriter output)
    {
        output.WriteLine($"scenario  {Summary.Name}: {Summary.EndReason ?? "unfinished"}");
        string speed = Speed is { } s
            ? string.Create(CultureInfo.InvariantCulture, $" in {WallSeconds:0.00} s real time ({s:0.000} x real time, {Summary.Instructions / WallSeconds / 1e6:0.0} million instructions/s)")
            : "";
        output.WriteLine($"simulated {Rendering.Seconds(Summary.Nanoseconds)}, {Rendering.Number(Summary.Instructions)} instructions{speed}");
        output.WriteLine(
            $"hits {Rendering.Number(Summary.Hits)}, IPIs {Rendering.Number(Summary.Ipis)}, "
            + $"injections {Rendering.Number(Summary.Injections)}, lost {Rendering.Number(Summary.Lost)}");
    }

    private void WriteCpus(TextWriter output)
    {
        Table table = Rendering.Table("cpu#", "guest", "events#", "switches#", "lost#", "load#");
        foreach (CpuSummary cpu in Summary.Cpus)
        {
            Rendering.Row(
                table, Rendering.Number((ulong)cpu.Cpu), cpu.Guest, Rendering.Number(cpu.Events), Rendering.Number(cpu.Switches),
                Rendering.Number(cpu.Lost), Rendering.Percent(cpu.Load));
        }

        Rendering.Write(output, table);
    }

    private void WriteTasks(TextWriter output)
    {
        if (Summary.Tasks.Count == 0)
        {
            return;
        }

        Table table = Rendering.Table("cpu#", "pid#", "task", "runs#", "share#", "jobs#", "min#", "mean#", "max#");
        foreach (TaskSummary task in Summary.Tasks)
        {
            bool timed = task.Jobs > 0;
            Rendering.Row(
                table, Rendering.Number((ulong)task.Cpu), task.Pid.ToString(CultureInfo.InvariantCulture), task.Comm,
                Rendering.Number(task.Runs), Rendering.Percent(task.Share), Rendering.Number(task.Jobs),
                timed ? Rendering.Milliseconds(task.MinNanoseconds) : "-", timed ? Rendering.Milliseconds(task.MeanNanoseconds) : "-",
                timed ? Rendering.Milliseconds(task.MaxNanoseconds) : "-");
        }

        Rendering.Write(output, table);
    }

    private void WriteCycles(TextWriter output)
    {
        (CoreId Core, CostCategory Category, ulong Cycles)[] rows =
        [
            .. Summary.Cores.OrderBy(c => c.Core.Index)
                .SelectMany(c => c.Cycles.OrderBy(p => p.Key).Select(p => (c.Core, p.Key, p.Value))),
        ];
        if (rows.Length == 0)
        {
            return;
        }

        Table table = Rendering.Table("core#", "charged to", "cycles#", "of its time#");
        foreach ((CoreId core, CostCategory category, ulong cycles) in rows)
        {
            double share = Summary.End.Cycles == 0 ? 0 : (double)cycles / Summary.End.Cycles;
            Rendering.Row(table, Rendering.Number(core.Index), category.ToString(), Rendering.Number(cycles), Rendering.Percent(share));
        }

        Rendering.Write(output, table);
    }

    private void WriteProbes(TextWriter output)
    {
        if (Summary.Probes.Count == 0)
        {
            return;
        }

        Table table = Rendering.Table(
            "probe#", "at", "status", "hits#", "filtered#", "in ring#", "overrun#", "drained#", "converted#", "rejected#", "loss equation");
        foreach (ProbeCountsRecord p in Summary.Probes)
        {
            Rendering.Row(
                table, Rendering.Number(p.Probe), p.Name, p.Status, Rendering.Number(p.Hits), Rendering.Number(p.Filtered),
                Rendering.Number(p.InRing), Rendering.Number(p.Overrun), Rendering.Number(p.Drained), Rendering.Number(p.Converted),
                Rendering.Number(p.Rejected), p.Balances ? "holds" : "BROKEN");
        }

        Rendering.Write(output, table);
    }

    private void WriteCommands(TextWriter output)
    {
        foreach (ControlRecord refused in Summary.Commands.Where(c => c.Result is not "ok"))
        {
            output.WriteLine($"refused   {refused.File} = {refused.Value}: {refused.Result}");
        }
    }
}
