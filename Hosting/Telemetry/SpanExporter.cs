using ActorTrace.Hosting.Cli;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>What an export came to.</summary>
/// <param name="Accepted">Spans that the receiver took.</param>
/// <param name="Rejected">Spans that it left out.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="Retries">Requests sent again.</param>
/// <param name="Message">What the receiver said of spans that it left out; empty where it said nothing.</param>
internal sealed record ExportCount(long Accepted, long Rejected, long Requests, long Retries, string Message)
{
    /// <summary>Spans that need not be sent again.</summary>
    public long Done => Accepted + Rejected;
}

/// <summary>The receiver does not take the spans any more.</summary>
internal sealed class ExportFailedException(string message) : Exception(message);

/// <summary>Sends spans to a receiver: two requests are under way, each is repeated until it is answered; none is dropped.</summary>
/// <param name="transport">The way there.</param>
/// <param name="patience">How long a request is repeated before the export fails.</param>
internal sealed class SpanExporter(IOtlpTransport transport, TimeSpan patience)
{
    private const int SpansOfARequest = 4096;

    // Receivers take 4 MiB by default.
    private const int BytesOfARequest = 2 << 20;
    private const int UnderWay = 2;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private long _retries;

    /// <summary>What was answered so far; requests count in the order of their spans.</summary>
    public ExportCount Count { get; private set; } = new(0, 0, 0, 0, string.Empty);

    /// <summary>Sends spans.</summary>
    /// <param name="spans">The spans.</param>
    /// <param name="request">Makes the requests.</param>
    /// <param name="progress">Told what was answered.</param>
    /// <param name="stop">Ends it between requests.</param>
    /// <exception cref="ExportFailedException">The receiver refuses a request, or does not answer for too long.</exception>
    public async Task SendAsync(IEnumerable<Span> spans, OtlpRequest request, IProgress<ExportCount>? progress, CancellationToken stop)
    {
        var underWay = new Queue<(Task<OtlpAnswer> Answer, int Spans)>();
        foreach (Span span in spans)
        {
            request.Add(span);
            if (request.Count == SpansOfARequest || request.Length >= BytesOfARequest)
            {
                await SendAsync(request, underWay, progress, stop);
            }
        }

        if (request.Count > 0)
        {
            await SendAsync(request, underWay, progress, stop);
        }

        await WaitAsync(underWay, 0, progress);
    }

    private async Task SendAsync(
        OtlpRequest request, Queue<(Task<OtlpAnswer> Answer, int Spans)> underWay, IProgress<ExportCount>? progress, CancellationToken stop)
    {
        await WaitAsync(underWay, UnderWay - 1, progress);
        int spans = request.Count;
        byte[] bytes = request.Take();
        underWay.Enqueue((Task.Run(() => RepeatAsync(bytes, stop), CancellationToken.None), spans));
    }

    private async Task WaitAsync(Queue<(Task<OtlpAnswer> Answer, int Spans)> underWay, int most, IProgress<ExportCount>? progress)
    {
        while (underWay.Count > most)
        {
            (Task<OtlpAnswer> answered, int spans) = underWay.Dequeue();
            OtlpAnswer answer = await answered;
            long rejected = Math.Clamp(answer.Rejected, 0, spans);
            Count = new ExportCount(
                Count.Accepted + spans - rejected, Count.Rejected + rejected, Count.Requests + 1, Interlocked.Read(ref _retries),
                answer.Message.Length > 0 ? answer.Message : Count.Message);
            progress?.Report(Count);
        }
    }

    private async Task<OtlpAnswer> RepeatAsync(byte[] request, CancellationToken stop)
    {
        var wall = new WallClock();
        for (TimeSpan wait = FirstWait; ; wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestWait.Ticks)))
        {
            OtlpAnswer answer = await transport.SendAsync(request, stop);
            switch (answer.Outcome)
            {
                case OtlpOutcome.Accepted:
                    return answer;
                case OtlpOutcome.Refused:
                    throw new ExportFailedException(answer.Message);
                default:
                    TimeSpan pause = answer.Wait ?? wait;
                    if (TimeSpan.FromSeconds(wall.Seconds) + pause > patience)
                    {
                        throw new ExportFailedException(answer.Message);
                    }

                    Interlocked.Increment(ref _retries);
                    await Task.Delay(pause, stop);
                    break;
            }
        }
    }
}
