using ActorTrace.Traces.Spans;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Spans a second from records to the bytes of OTLP requests (aim: 500,000).</summary>
public class SpanBenchmark
{
    private const int Hits = 50_000;

    // 12 steps, the log entry, and the hit that covers them.
    private const int SpansOfAHit = 14;
    private const int SpansOfARequest = 4096;

    /// <summary>The causal chains of 50,000 hits.</summary>
    [Benchmark(OperationsPerInvoke = Hits * SpansOfAHit)]
    public long Export()
    {
        var request = new OtlpRequest("run", new SpanClock(0, 1));
        long bytes = 0;
        foreach (Span span in RunSpans.Of(new SpanSource(new HitRun(Hits), "run", null), SpanKinds.Causal))
        {
            request.Add(span);
            if (request.Count == SpansOfARequest)
            {
                bytes += request.Take().Length;
            }
        }

        return bytes + request.Take().Length;
    }
}
