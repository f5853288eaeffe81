using ActorTrace.Hosting.Telemetry;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Spans;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A run's records as traces: right parents, bounded lengths, the same identities each time.</summary>
public sealed class RunSpansTests
{
    private static readonly VcpuId Gpos = MemoryRun.Gpos;
    private static readonly VcpuId Rtos = MemoryRun.Rtos;
    private static readonly CoreId Core0 = MemoryRun.Core0;
    private static readonly CoreId Core1 = MemoryRun.Core1;
    private static readonly TaskReference Task1 = new(2004, "RTOS-Task1", 4);
    private static readonly TaskReference Idle = new(0, "swapper/1", 120);
    private const ulong Installation = 1_000_000_000;
    private static readonly string[] Path =
    [
        "log Switch", "hyp_buffer_write", "hyp_convert", "hyp_drain", "hyp_trace_isr", "hyp_inject", "hyp_sgi_send", "hyp_ring_write", "hyp_extract",
        "hyp_route", "hyp_enter", "hit OSTaskSwHook",
    ];

    [Fact]
    public async Task A_hit_is_one_trace_from_the_trap_to_the_log()
    {
        await using Receiver receiver = await Receiver.StartAsync(keeps: true);
        using var transport = new OtlpGrpcTransport(receiver.Grpc);
        await new SpanExporter(transport, TimeSpan.FromSeconds(10)).SendAsync(
            RunSpans.Of(Run(Hit(0)), SpanKinds.Causal), new OtlpRequest("r", new SpanClock(5_000, 10)), null, CancellationToken.None);

        var chain = receiver.Kept.Where(kept => kept.Service is not "run" && kept.Span.Name is not "hyp_install").ToDictionary(kept => kept.Span.SpanId, kept => kept);
        var names = new List<string>();
        for (var at = chain.Values.Single(kept => kept.Span.Name is "log Switch"); ; at = chain[at.Span.ParentSpanId])
        {
            names.Add(at.Span.Name);
            if (at.Span.ParentSpanId.IsEmpty)
            {
                break;
            }
        }

        Assert.Equal(Path, names, StringComparer.Ordinal);

        // 12 steps, the log entry, and the hit that covers them.
        Assert.Equal(14, chain.Count);
        Assert.Single(chain.Values.Select(kept => kept.Span.TraceId).Distinct());
        (string service, OpenTelemetry.Proto.Trace.V1.Span hit) = chain.Values.Single(kept => kept.Span.Name is "hit OSTaskSwHook");
        Assert.Equal("guest ucos", service);

        // 1 GHz: a cycle is a nanosecond; the board was switched on at 5000, time is stretched ten times.
        Assert.Equal((5_000ul + 1_000, 5_000ul + 6_000), (hit.StartTimeUnixNano, hit.EndTimeUnixNano));
        OpenTelemetry.Proto.Trace.V1.Span run = receiver.Kept.Single(kept => kept.Service is "run").Span;
        Assert.Equal((run.TraceId, run.SpanId), (hit.Links[0].TraceId, hit.Links[0].SpanId));
        Assert.Contains(hit.Attributes, a => a is { Key: "task", Value.StringValue: "RTOS-Task1" });
        Assert.Contains(hit.Attributes, a => a is { Key: "symbol", Value.StringValue: "OSTaskSwHook" });
        Assert.Contains(hit.Attributes, a => a is { Key: "sim.ns", Value.IntValue: 100 });
    }

    [Fact]
    public void A_second_export_makes_the_same_spans()
    {
        static string Told(Span span) => $"{span.Id} {span.Parent} {span.Service} {span.Name} {span.Start} {span.End} {string.Join(",", span.Attributes)} {span.Link}";

        string[] first = [.. RunSpans.Of(Run(Many(300)), SpanKinds.Causal | SpanKinds.Lanes).Select(Told)];
        Assert.Equal(first, RunSpans.Of(Run(Many(300)), SpanKinds.Causal | SpanKinds.Lanes).Select(Told), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_span_has_an_identity_of_its_own_and_a_parent_that_exists_in_a_trace_of_bounded_length()
    {
        Span[] spans = [.. RunSpans.Of(Run(Many(5_000)), SpanKinds.Causal | SpanKinds.Lanes)];

        var byId = spans.ToDictionary(span => span.Id);
        Assert.All(spans, span => Assert.True(span.Parent == 0 || byId.ContainsKey(span.Id with { Span = span.Parent }), span.Name));
        Assert.All(spans, span => Assert.True(span.Link is not { } link || byId.ContainsKey(link), span.Name));
        Assert.All(spans.GroupBy(span => span.Id.Trace), trace => Assert.InRange(trace.Count(), 1, 2_000));
        Assert.All(spans, span => Assert.True(span.Start <= span.End));

        // A hit makes 14 spans, the installation 2; of 5,000 switches every other one ends a stay of the task, of the first the beginning is not known.
        Assert.Equal((5_000 * 14) + 2, spans.Count(span => span.Service is not "run" && !IsSlice(span)));
        Assert.Equal(2_499, spans.Count(span => span.Name is "RTOS-Task1"));
    }

    [Fact]
    public void A_chain_without_end_goes_on_in_further_traces()
    {
        var records = new List<TraceRecord>();
        for (ulong i = 0; i < 5_000; i++)
        {
            records.Add(Step(0, StepKind.Mmio, Core1, Rtos, i * 10, i * 10 + 5));
        }

        Span[] spans = [.. RunSpans.Of(Run(new MemoryRun(new Dictionary<string, List<TraceRecord>>(StringComparer.Ordinal) { [StreamNames.Core(1)] = records })), SpanKinds.Causal)];

        // 5,000 steps, and the span that covers them, named like the first one.
        Assert.Equal(5_001, spans.Count(span => span.Name is "hyp_mmio"));
        Assert.Equal(spans.Length, spans.Select(span => span.Id).Distinct().Count());
        Assert.All(spans.GroupBy(span => span.Id.Trace), trace => Assert.InRange(trace.Count(), 1, 2_000));
    }

    [Fact]
    public void A_chain_that_goes_on_after_a_long_pause_has_no_identity_twice()
    {
        const ulong Pause = 300_000_000;
        List<TraceRecord> records =
        [
            Step(0, StepKind.Mmio, Core1, Rtos, 10, 15), Step(0, StepKind.Mmio, Core1, Rtos, 20, 25),
            Step(1, StepKind.Mmio, Core1, Rtos, Pause, Pause + 5), Step(0, StepKind.Mmio, Core1, Rtos, Pause + 10, Pause + 15),
        ];

        Span[] spans = [.. RunSpans.Of(Run(new MemoryRun(new Dictionary<string, List<TraceRecord>>(StringComparer.Ordinal) { [StreamNames.Core(1)] = records })), SpanKinds.Causal)];

        // Four steps, three traces with a span that covers them, and the run.
        Assert.Equal(8, spans.Length);
        Assert.Equal(8, spans.Select(span => span.Id).Distinct().Count());
        Assert.Equal(4, spans.Select(span => span.Id.Trace).Distinct().Count());
    }

    private static bool IsSlice(Span span) => span.Name is "RTOS-Task1" || span.Name.StartsWith("tasks on", StringComparison.Ordinal);

    private static SpanSource Run(MemoryRun source) => new(source, "run", (_, address) => address == 0x8000 ? "OSTaskSwHook" : "elsewhere");

    private static MemoryRun Hit(ulong number) => Many(1, number);

    /// <summary>Hits of a probe on the RTOS's core, each told to the GPOS on the other one.</summary>
    private static MemoryRun Many(int hits, ulong first = 0)
    {
        var streams = new Dictionary<string, List<TraceRecord>>(StringComparer.Ordinal)
        {
            [StreamNames.Core(0)] = [],
            [StreamNames.Core(1)] = [Step(Installation, StepKind.Install, Core1, Rtos, 0, 10, detail: 1)],
            [StreamNames.Lane(0)] = [],
        };
        for (ulong i = first; i < first + (ulong)hits; i++)
        {
            ulong at = 100 + (i * 1_000);
            streams[StreamNames.Core(1)].AddRange(
            [
                Step(i, StepKind.Trap, Core1, Rtos, at, at + 50, detail: 0x4A00_0100), Step(i, StepKind.Route, Core1, Rtos, at + 50, at + 50),
                Step(i, StepKind.Extraction, Core1, Rtos, at + 50, at + 90, detail: 1), Step(i, StepKind.RingWrite, Core1, Rtos, at + 90, at + 100),
                Step(i, StepKind.SgiSend, Core1, Rtos, at + 100, at + 110), Step(i, StepKind.Resume, Core1, Rtos, at + 110, at + 150),
                Step(i, StepKind.DisplacedInstruction, Core1, Rtos, at + 150, at + 151, detail2: 1),
            ]);
            streams[StreamNames.Core(0)].AddRange(
            [
                Step(i, StepKind.Injection, Core0, Gpos, at + 200, at + 210), Step(i, StepKind.IsrEntry, Core0, Gpos, at + 300, at + 310),
                Step(i, StepKind.Drain, Core0, Gpos, at + 310, at + 320), Step(i, StepKind.Conversion, Core0, Gpos, at + 320, at + 500),
                Step(i, StepKind.BufferWrite, Core0, Gpos, at + 500, at + 500),
            ]);
            bool even = i % 2 == 0;
            streams[StreamNames.Lane(0)].Add(new SwitchRecord(
                Cause(i), new VirtualInstant(at), new VirtualInstant(at + 500), Rtos, Core1, even ? Task1 : Idle, 1, even ? Idle : Task1));
        }

        return new MemoryRun(streams);
    }

    private static Stamp Cause(ulong number) => new(new VirtualInstant(number), SourceId.Of(Core1), number);

    private static StepRecord Step(ulong cause, StepKind kind, CoreId core, VcpuId vcpu, ulong start, ulong end, ulong detail = 0, ulong detail2 = 0) =>
        new(Cause(cause), kind, CostCategory.TrapEntry, new VirtualInstant(start), new VirtualInstant(end), core, vcpu, 0x8000, detail, detail2);
}
