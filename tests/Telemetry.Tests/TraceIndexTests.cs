using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Spans;
using ActorTrace.Traces.Spans.Index;
using CsCheck;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>What is read again for a trace is what an export of the whole run makes of it.</summary>
public sealed class TraceIndexTests
{
    private const ulong Microsecond = 1_000;
    private static readonly StepKind[] Kinds = [StepKind.Trap, StepKind.Route, StepKind.Mmio, StepKind.SgiSend, StepKind.Injection, StepKind.VcpuSwitch, StepKind.Resume];

    private static readonly Gen<(int Cause, int Kind, int Length, int Pause, int Guest)> Steps =
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, Kinds.Length - 1], Gen.Int[0, 3], Gen.Frequency((40, Gen.Int[0, 5]), (1, Gen.Int[50_000, 150_000])), Gen.Int[0, 1]);

    private static readonly Gen<(int Pid, int Pause, int Lost)> Switches =
        Gen.Select(Gen.Int[0, 3], Gen.Frequency((5, Gen.Int[0, 3]), (1, Gen.Int[0, 60_000])), Gen.Int[0, 200]);

    [Fact]
    public void Every_trace_of_any_run_is_found_with_the_spans_of_an_export() =>
        Gen.Select(Steps.Array[0, 3_000], Steps.Array[0, 500], Switches.Array[0, 5_000]).Sample(
            (first, second, switches) => HaveSameTraces(new SpanSource(Run(first, second, switches), "run", null)),
            iter: 25);

    [Fact]
    public async Task Every_trace_of_the_papers_run_is_found_with_the_spans_of_an_export()
    {
        using var journal = await RecordedRun.MakeAsync("700ms");
        SpanSource source = journal.Source();

        HaveSameTraces(source);
        Span[] spans = [.. RunSpans.Of(source, SpanKinds.Causal | SpanKinds.Lanes)];
        var ids = spans.Select(span => span.Id).ToHashSet();
        Assert.All(spans, span => Assert.True(span.Parent == 0 || ids.Contains(span.Id with { Span = span.Parent }), span.ToString()));
    }

    [Fact]
    public async Task Probes_are_named_as_the_run_names_them_at_its_end()
    {
        using var journal = await RecordedRun.MakeAsync("250ms");
        SpanSource source = journal.Source();

        string[] named = [.. source.Records.ReadStream(StreamNames.Control).OfType<ProbeCountsRecord>().Where(probe => probe.Hits > 0).Select(probe => "hit " + probe.Name).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(named);
        Assert.Equal(
            named,
            RunSpans.Of(source, SpanKinds.Causal).Where(span => span.Parent == 0 && span.Name.StartsWith("hit ", StringComparison.Ordinal))
                .Select(span => span.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static void HaveSameTraces(SpanSource source)
    {
        var index = new TraceIndex();
        index.Read(source);
        var expected = RunSpans.Of(source, SpanKinds.Causal | SpanKinds.Lanes).GroupBy(span => span.Id.Trace).ToDictionary(trace => trace.Key, Told);
        var found = new Dictionary<UInt128, string> { [index.Run!.Id.Trace] = Told([index.Run]) };
        foreach (TraceSegment segment in index.Names().SelectMany(name => index.Where(name.Service, name.Operation)).Distinct())
        {
            foreach (SpanTrace trace in SegmentReader.Traces(source, index, segment))
            {
                Assert.Contains(segment, index.Where(trace.Id));
                found.Add(trace.Id, Told(trace.Spans));
            }
        }

        Assert.Equal(expected, found);
    }

    private static string Told(IEnumerable<Span> spans) => string.Join(
        "\n", spans.Select(s => $"{s.Id} {s.Parent} {s.Service} {s.Name} {s.Start} {s.End} {string.Join(",", s.Attributes)} {s.Link}").Order(StringComparer.Ordinal));

    private static MemoryRun Run(
        (int Cause, int Kind, int Length, int Pause, int Guest)[] first, (int Cause, int Kind, int Length, int Pause, int Guest)[] second,
        (int Pid, int Pause, int Lost)[] switches)
    {
        var lane = new List<TraceRecord>();
        ulong at = 0;
        foreach ((int pid, int pause, int lost) in switches)
        {
            at += (ulong)pause * Microsecond;
            var instant = new VirtualInstant(at);
            TaskReference task = new(pid, $"task{pid}", 120);
            lane.Add(lost == 0
                ? new LostRecordsRecord(Cause(1), instant, instant, MemoryRun.Rtos, MemoryRun.Core1, task, 1)
                : new SwitchRecord(Cause(lost % 40), instant, instant + (ulong)lost, MemoryRun.Rtos, MemoryRun.Core1, task, 0, task));
        }

        return new MemoryRun(new Dictionary<string, List<TraceRecord>>(StringComparer.Ordinal)
        {
            [StreamNames.Core(0)] = Records(first, MemoryRun.Core0),
            [StreamNames.Core(1)] = Records(second, MemoryRun.Core1),
            [StreamNames.Lane(0)] = lane,
        });
    }

    private static List<TraceRecord> Records((int Cause, int Kind, int Length, int Pause, int Guest)[] steps, CoreId core)
    {
        var records = new List<TraceRecord>();
        ulong at = 0;
        foreach ((int cause, int kind, int length, int pause, int guest) in steps)
        {
            at += (ulong)pause * Microsecond;
            records.Add(new StepRecord(
                Cause(cause), Kinds[kind], CostCategory.None, new VirtualInstant(at), new VirtualInstant(at + (ulong)length), core,
                new VcpuId(new GuestId((byte)guest), 0), 0x8000, (ulong)guest, 0));
            at += (ulong)length;
        }

        return records;
    }

    private static Stamp Cause(int number) => new(VirtualInstant.Zero, SourceId.Of(MemoryRun.Core1), (ulong)number);
}
