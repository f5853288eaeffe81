using System.CommandLine;
using ActorTrace.Actors.Importing;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Alignment;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace merge`: several logs, each with a clock of its own, on one timeline.</summary>
internal static class MergeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Two logs or more: journals (their last run), trace.dat, ftrace or systrace text. Times become those of the first.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--output", "-o") { Description = "Journal file; created, or appended to.", HelpName = "JOURNAL", Required = true };
        Option<string[]> offsets = new("--offset")
        {
            Description = "Adds TIME to the times of log N (from 1), e.g. 2:1.5s or 2:-300us. May be given for each log.",
            HelpName = "N:TIME",
        };
        Option<string[]> common = new("--find-offset")
        {
            Description = "Fits the clock of each log without --offset to that of the first, by events that both have: EVENT is a name, "
                + "or NAME:TEXT, where arguments hold TEXT and are compared from there on. May be given several times.",
            HelpName = "EVENT",
        };
        Option<bool> json = JournalArguments.Json();
        var command = new Command(
            "merge",
            "Puts logs with clocks of their own on one timeline, as a run of a journal, by given offsets or by events that they have in common.")
        { files, output, offsets, common, json };
        command.SetAction((p, _) => MergeAsync(
            context, p.GetRequiredValue(files), p.GetRequiredValue(output), Offsets(p.GetValue(offsets) ?? [], p.GetRequiredValue(files).Length),
            Patterns(p.GetValue(common) ?? []), p.GetValue(json)));
        return command;
    }

    private static async Task<int> MergeAsync(
        CliContext context, string[] paths, string journal, Dictionary<int, long> offsets, EventPattern[] common, bool json)
    {
        if (paths.Length < 2)
        {
            throw new InputException("command line", "one log cannot be merged", "name two or more, or use 'actortrace import'");
        }

        var logs = new List<InputLog>();
        try
        {
            foreach (string path in paths)
            {
                logs.Add(InputLog.Open(context, path, journal));
            }

            MergePlan plan = Plan(paths, logs, offsets, common);
            ImportedRun run = await ImportTarget.WriteAsync(
                journal, writer => LogMerge.WriteAsync(plan, Path.GetFileNameWithoutExtension(journal), writer, context.Stop));
            context.Out.Write(json ? MergeReport.Json(plan, journal, run).ToJsonString(RunReportJson.Options) + "\n" : MergeReport.Text(plan, common, journal, run));
            return ExitCodes.Done;
        }
        finally
        {
            logs.ForEach(log => log.Dispose());
        }
    }

    private static MergePlan Plan(string[] paths, List<InputLog> logs, Dictionary<int, long> offsets, EventPattern[] common)
    {
        try
        {
            return MergePlan.Make(logs, offsets, common);
        }
        catch (AlignmentException e)
        {
            throw new InputException($"{paths[e.Log - 1]} (log {e.Log})", e.Message, e.Mend);
        }
    }

    private static Dictionary<int, long> Offsets(string[] texts, int logs)
    {
        var offsets = new Dictionary<int, long>();
        foreach (string text in texts)
        {
            string[] parts = text.Split(':', 2);
            if (parts.Length < 2 || Quantity.Integer(parts[0]) is not { } number)
            {
                throw new InputException("--offset", $"'{text}' is no log and time", "write N:TIME, e.g. 2:1.5s");
            }

            if (number < 1 || number > (ulong)logs)
            {
                throw new InputException("--offset", $"there is no log {number}", $"they count from 1 to {logs}");
            }

            if (!offsets.TryAdd((int)number - 1, Time(parts[1])))
            {
                throw new InputException("--offset", $"log {number} has two", "leave one out");
            }
        }

        return offsets;
    }

    private static long Time(string text)
    {
        bool negative = text.StartsWith('-');
        TimeQuantity? time = Quantity.Time(negative || text.StartsWith('+') ? text[1..] : text);
        return time is { InCycles: false } given
            ? negative ? -(long)given.Amount : (long)given.Amount
            : throw new InputException("--offset", $"'{text}' is no time", "write a number with a unit: ns, us, ms or s, e.g. -1.5s");
    }

    private static EventPattern[] Patterns(string[] texts) =>
        [.. texts.Select(text => EventPattern.Parse(text) ?? throw new InputException("--find-offset", $"'{text}' names no event", "write NAME or NAME:TEXT, e.g. print:sync"))];

    /// <summary>A file as a log; what is wrong with it is told with its name.</summary>
    private sealed class InputLog(TraceInput input, IEventLog log) : IEventLog, IDisposable
    {
        public string Name => log.Name;

        public string Format => log.Format;

        public IReadOnlyList<GuestManifest> Guests => log.Guests;

        public static InputLog Open(CliContext context, string path, string journal)
        {
            TraceInput input = TraceInput.Open(context, path, run: null);
            try
            {
                input.RefuseAsTarget("--output", journal);
                return new InputLog(input, input.Read<IEventLog>(
                    run => new RunLog(Path.GetFileName(path), run), (name, file) => new FileLog(name, file)));
            }
            catch
            {
                input.Dispose();
                throw;
            }
        }

        public long Send(ITraceEventSink sink) => input.Read(_ => log.Send(sink), (_, _) => log.Send(sink));

        public void Dispose() => input.Dispose();
    }
}
