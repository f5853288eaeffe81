using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`replay` into a trace format: what the command line asks for, before the run is known.</summary>
/// <param name="Format">The format.</param>
/// <param name="View">What stands for a CPU.</param>
/// <param name="From">First time; null for the beginning.</param>
/// <param name="Until">The first time that is too late; null for the end.</param>
/// <param name="Cpu">Only this CPU.</param>
/// <param name="Task">Only this task.</param>
internal sealed record TraceReplay(TraceFormat Format, TraceView View, TimeQuantity? From, TimeQuantity? Until, int? Cpu, string? Task)
{
    /// <summary>Where the result goes when the command line does not say.</summary>
    public string DefaultTarget(string journal) => Format.Extension.Length == 0
        ? Path.ChangeExtension(journal, null) + "-" + Format.Name
        : Path.ChangeExtension(journal, Format.Extension);

    /// <summary>Writes the run.</summary>
    /// <exception cref="InputException">The run has not what is asked for.</exception>
    public void Write(CliContext context, ITraceSource source, string target)
    {
        Replay replay = Selected(source);
        if (target is "-")
        {
            using Stream output = context.OpenOutput();
            _ = Format.ToStream(replay, output);
            return;
        }

        ExportResult result = ToFile(replay, target);
        string lost = result.Lost == 0 ? "" : $", {result.Lost} lost by the simulated buffers";
        context.Out.WriteLine($"{target}: {result.Events} events{lost}");
    }

    /// <summary>The part of a run that is asked for.</summary>
    /// <exception cref="InputException">The run has not what is asked for.</exception>
    public Replay Selected(ITraceSource source)
    {
        var replay = new Replay(source, View, Selection(source));
        return Format.Refusal(replay) is { } reason
            ? throw new InputException("--to", reason, $"use another format, e.g. '--to {TraceFormats.TraceDat.Name}'")
            : replay;
    }

    private ExportResult ToFile(Replay replay, string target)
    {
        try
        {
            return Format.ToFile(replay, target);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName is "value")
        {
            // What FileStream makes of EFBIG.
            throw new IOException($"'{target}' is longer than the file system, or a limit of the user, allows", e);
        }
    }

    private EventSelection Selection(ITraceSource source)
    {
        int cpus = TraceMerger.CpuCount(source.Manifest, View);
        if (Cpu is { } number && (number < 0 || number >= cpus))
        {
            throw new InputException("--cpu", $"the view has no CPU {number}", $"it has {cpus}, from 0 on");
        }

        ClockRates clock = source.Manifest.Clock;
        ulong from = From is { } first ? Nanoseconds(first, clock) : 0;
        ulong until = Until is { } end ? Nanoseconds(end, clock) : ulong.MaxValue;
        return until > from
            ? new EventSelection(from, until, Cpu, Task)
            : throw new InputException("--until", "it is not later than --from", "exchange them");
    }

    private static ulong Nanoseconds(TimeQuantity time, ClockRates clock) =>
        time.InCycles ? clock.ToNanoseconds(new VirtualInstant(time.Amount)) : time.Amount;
}
