using System.CommandLine;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace export`: a recorded run as OpenTelemetry spans, sent to Jaeger or any other receiver of OTLP.</summary>
internal static class ExportCommand
{
    private const string DefaultPatience = "60s";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> journal = JournalArguments.Journal();
        Option<string> otlp = new("--otlp") { Description = "Receiver, e.g. http://localhost:4318 (Jaeger, OpenTelemetry Collector).", HelpName = "URL", Required = true };
        Option<string?> protocol = new("--protocol") { Description = "grpc, or http with protobuf bodies. Default: grpc for port 4317, else http." };
        protocol.AcceptOnlyFromAmong(OtlpTarget.Grpc, OtlpTarget.Http);
        Option<bool> causal = new("--causal") { Description = "Only the causal chains: a trace for each hit, trap or command. Default: chains and lanes." };
        Option<bool> lanes = new("--lanes") { Description = "Only the lanes: which task and which vCPU ran when." };
        Option<int> scale = new("--time-scale")
        {
            Description = "Stretch simulated time so many times: Jaeger shows microseconds, 1000 makes them nanoseconds.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        Option<int> skip = new("--skip") { Description = "Leave out the first spans: goes on where an export was interrupted.", HelpName = "N" };
        Option<string> giveUp = new("--give-up")
        {
            Description = "Fail when the receiver has not answered for so long.",
            HelpName = "TIME",
            DefaultValueFactory = _ => DefaultPatience,
        };
        Option<string?> run = JournalArguments.Run();
        var command = new Command(
            "export", "Sends a recorded run as OpenTelemetry spans of simulated time to Jaeger or another receiver of OTLP.")
        { journal, otlp, protocol, causal, lanes, scale, skip, giveUp, run };
        command.SetAction((p, _) => ExportAsync(context, p.GetRequiredValue(journal), p.GetValue(run), new Request(
            new OtlpTarget(
                OtlpTarget.ReadReceiver("--otlp", p.GetRequiredValue(otlp)), p.GetValue(protocol), Kinds(p.GetValue(causal), p.GetValue(lanes)),
                OtlpTarget.ReadScale(p.GetValue(scale))),
            Skip(p.GetValue(skip)), Patience(p.GetRequiredValue(giveUp)))));
        return command;
    }

    private static async Task<int> ExportAsync(CliContext context, string path, string? wanted, Request request)
    {
        using IOpenJournal journal = context.Journals.Open(path);
        string id = JournalArguments.Choose(journal, path, wanted);
        ITraceSource source = journal.Read(id);
        using IOtlpTransport transport = request.Target.Transport();
        var exporter = new SpanExporter(transport, request.Patience);
        var progress = new ExportProgress(context.Error, context.ErrorIsTerminal);
        try
        {
            var clock = new SpanClock(journal.BegunAt(id), (ulong)request.Target.Scale);
            await exporter.SendAsync(RunSpans.Of(new SpanSource(source, id, ImageSymbols.Of(source.Manifest)), request.Target.Kinds).Skip(request.Skip), new OtlpRequest(id, clock), progress, context.Stop);
            progress.Clear();
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            progress.Clear();
            context.Out.WriteLine(GoOn("interrupted", exporter.Count, request.Skip));
            return ExitCodes.Interrupted;
        }
        catch (ExportFailedException e)
        {
            progress.Clear();
            throw new CliFailureException(GoOn(e.Message, exporter.Count, request.Skip));
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{path}: {e.Message} (the journal is damaged: repeat the run)");
        }

        ExportCount count = exporter.Count;
        context.Out.WriteLine(
            $"run {id}: {Rendering.Number((ulong)count.Accepted)} spans accepted by {request.Target.Receiver}, {Rendering.Number((ulong)count.Rejected)} rejected,"
            + $" {Rendering.Number((ulong)count.Requests)} requests, {Rendering.Number((ulong)count.Retries)} repeated");
        return count.Rejected == 0 ? ExitCodes.Done
            : throw new CliFailureException($"{request.Target.Receiver} rejected {count.Rejected} spans: {count.Message} (see the receiver's log)");
    }

    private static string GoOn(string what, ExportCount count, int skipped) =>
        $"{what}: {Rendering.Number((ulong)count.Done)} spans were sent (go on with --skip {skipped + count.Done})";

    private static SpanKinds Kinds(bool causal, bool lanes) => (causal, lanes) switch
    {
        (true, false) => SpanKinds.Causal,
        (false, true) => SpanKinds.Lanes,
        _ => SpanKinds.Causal | SpanKinds.Lanes,
    };

    private static int Skip(int skip) => skip >= 0 ? skip : throw new InputException("--skip", $"{skip} is no number of spans", "0 or more");

    private static TimeSpan Patience(string text) => Quantity.Time(text) is { InCycles: false } time
        ? TimeSpan.FromTicks((long)Math.Min(time.Amount / 100, (ulong)TimeSpan.MaxValue.Ticks))
        : throw new InputException("--give-up", $"'{text}' is no time", Quantity.TimeHelp);

    private sealed record Request(OtlpTarget Target, int Skip, TimeSpan Patience);
}
