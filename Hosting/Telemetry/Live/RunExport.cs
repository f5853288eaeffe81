using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ActorTrace.Hosting.Service;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Telemetry.Live;

/// <summary>Sends the spans of a run while it is simulated. The run never waits: its records come out of the journal.</summary>
/// <param name="target">Where to.</param>
/// <param name="runs">The runs.</param>
/// <param name="tally">Told what was sent.</param>
internal sealed class RunExport(OtlpTarget target, IRuns runs, ExportTally tally)
{
    private const int MostWaiting = 16_384;
    private const int SpansOfARequest = 4096;

    // What a run did is to be seen soon, also where it does little.
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends all spans; goes on for ever where the receiver is not there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ExportFailedException">The receiver refuses.</exception>
    public async Task<ExportCount> SendAsync(RunStatus run, CancellationToken stop)
    {
        using IOpenRun records = runs.Follow(run.Id, stop);
        var source = new SpanSource(records, run.Id, ImageSymbols.Of(records.Manifest));
        var waiting = Channel.CreateBounded<Span>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task making = Task.Factory.StartNew(
            () => Make(source, waiting.Writer, ended.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using IOtlpTransport transport = target.Transport();
        var exporter = new SpanExporter(transport, TimeSpan.MaxValue);
        var request = new OtlpRequest(run.Id, new SpanClock(UnixTime.Of(run.BegunAt), (ulong)target.Scale));
        try
        {
            while (await GatherAsync(waiting.Reader, stop) is { Count: > 0 } spans)
            {
                ExportCount before = exporter.Count;
                await exporter.SendAsync(spans, request, null, stop);
                tally.Add(exporter.Count, before);
            }
        }
        finally
        {
            // The maker may wait for room.
            await ended.CancelAsync();
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await making;
        return exporter.Count;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The reader of the channel gets it.")]
    private void Make(SpanSource source, ChannelWriter<Span> waiting, CancellationToken stop)
    {
        try
        {
            foreach (Span span in RunSpans.Of(source, target.Kinds))
            {
                while (!waiting.TryWrite(span))
                {
                    if (!waiting.WaitToWriteAsync(stop).AsTask().GetAwaiter().GetResult())
                    {
                        return;
                    }
                }

                tally.Waits(1);
            }

            // Streams that were ended in the middle make a run's span that is none.
            stop.ThrowIfCancellationRequested();
            waiting.Complete();
        }
        catch (Exception e)
        {
            waiting.Complete(e);
        }
    }

    /// <summary>Spans for a request; none at the end.</summary>
    private async Task<IReadOnlyList<Span>> GatherAsync(ChannelReader<Span> waiting, CancellationToken stop)
    {
        var spans = new List<Span>();
        if (await waiting.WaitToReadAsync(stop))
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
            enough.CancelAfter(LongestGathering);
            try
            {
                do
                {
                    while (spans.Count < SpansOfARequest && waiting.TryRead(out Span? span))
                    {
                        spans.Add(span);
                    }
                }
                while (spans.Count < SpansOfARequest && await waiting.WaitToReadAsync(enough.Token));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // What there is is sent.
            }
        }

        tally.Waits(-spans.Count);
        return spans;
    }
}
