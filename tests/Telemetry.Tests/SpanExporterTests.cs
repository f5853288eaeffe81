using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Spans;
using Xunit;
using static ActorTrace.Telemetry.Tests.Receiver;

namespace ActorTrace.Telemetry.Tests;

/// <summary>No span is lost on its way to a receiver, whatever the receiver does.</summary>
public sealed class SpanExporterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_million_spans_arrive_once_each(bool grpc)
    {
        await using Receiver receiver = await StartAsync();

        ExportCount count = await SendAsync(receiver, grpc, 1_000_000);

        Assert.Equal((1_000_000, 0, 0), (count.Accepted, count.Rejected, count.Retries));
        Assert.Equal(1_000_000, receiver.Spans.Count);
        Assert.All(receiver.Spans.Values, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_is_busy_or_hangs_up_gets_every_span_in_the_end(bool grpc)
    {
        await using Receiver receiver = await StartAsync(request => (request % 7) switch
        {
            2 => Treatment.Unavailable,
            5 => Treatment.Reset,
            _ => Treatment.Take,
        });

        ExportCount count = await SendAsync(receiver, grpc, 100_000);

        Assert.Equal((100_000, 0), (count.Accepted, count.Rejected));
        Assert.Equal(100_000, receiver.Spans.Count);
        Assert.True(count.Retries > 0);

        // What was taken without an answer came again: the same identities, so a receiver that stores by them has each once.
        Assert.Contains(receiver.Spans.Values, times => times > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_is_killed_and_started_again_misses_nothing(bool grpc)
    {
        await using Receiver receiver = await StartAsync();
        Task<ExportCount> sending = SendAsync(receiver, grpc, 300_000);
        while (receiver.Requests < 10)
        {
            await Task.Delay(1);
        }

        await receiver.KillAsync();
        await Task.Delay(200);
        await receiver.StartAgainAsync();

        ExportCount count = await sending;
        Assert.Equal((300_000, 0), (count.Accepted, count.Rejected));
        Assert.Equal(300_000, receiver.Spans.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_receiver_leaves_out_is_counted(bool grpc)
    {
        await using Receiver receiver = await StartAsync(request => request == 1 ? Treatment.Partial : Treatment.Take);

        ExportCount count = await SendAsync(receiver, grpc, 10_000);

        Assert.Equal((9_999, 1, "one span too many"), (count.Accepted, count.Rejected, count.Message));
        Assert.Equal(9_999, receiver.Spans.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_refuses_ends_the_export_with_the_number_of_spans_before(bool grpc)
    {
        await using Receiver receiver = await StartAsync(request => request >= 3 ? Treatment.Refuse : Treatment.Take);
        using IOtlpTransport transport = Transport(receiver, grpc);
        var exporter = new SpanExporter(transport, Patience);

        await Assert.ThrowsAsync<ExportFailedException>(() => exporter.SendAsync(Spans(50_000), Request(), null, CancellationToken.None));

        // Whole requests in the order of the spans: what comes after them is sent by another export.
        Assert.InRange(exporter.Count.Done, 1, receiver.Spans.Count);
        await using Receiver other = await StartAsync();
        using IOtlpTransport second = Transport(other, grpc);
        await new SpanExporter(second, Patience).SendAsync(Spans(50_000).Skip((int)exporter.Count.Done), Request(), null, CancellationToken.None);
        Assert.Equal(50_000, receiver.Spans.Keys.Union(other.Spans.Keys).Count());
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_given_up()
    {
        using var transport = new OtlpHttpTransport(new Uri("http://127.0.0.1:1"));
        var exporter = new SpanExporter(transport, TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAsync<ExportFailedException>(() => exporter.SendAsync(Spans(10), Request(), null, CancellationToken.None));
        Assert.Equal(0, exporter.Count.Done);
    }

    private static async Task<ExportCount> SendAsync(Receiver receiver, bool grpc, int spans)
    {
        using IOtlpTransport transport = Transport(receiver, grpc);
        var exporter = new SpanExporter(transport, Patience);
        await exporter.SendAsync(Spans(spans), Request(), null, CancellationToken.None);
        return exporter.Count;
    }

    private static IOtlpTransport Transport(Receiver receiver, bool grpc) =>
        grpc ? new OtlpGrpcTransport(receiver.Grpc) : new OtlpHttpTransport(receiver.Http);

    private static OtlpRequest Request() => new("run", new SpanClock(1_000_000_000, 1));

    private static IEnumerable<Span> Spans(int count) => Enumerable.Range(1, count).Select(i => new Span(
        new SpanId(1, (ulong)i), 0, $"service {i % 3}", "name", (ulong)i, (ulong)i + 1,
        [SpanAttribute.Of("core", i), SpanAttribute.Of("task", "RTOS-Task1"), SpanAttribute.Of("cycles", 1)]));
}
