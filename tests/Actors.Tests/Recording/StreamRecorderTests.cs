using ActorTrace.Actors.Recording;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Tests.Recording;

/// <summary>Where batches end is decided by what is recorded, or by what is stored already.</summary>
public sealed class StreamRecorderTests
{
    private const ulong Span = 100;

    [Fact]
    public void A_record_that_is_a_span_later_begins_a_batch()
    {
        using StreamRecorder recorder = new("control", Span);
        Add(recorder, 0, 100, 101, 150);
        Assert.Equal([2], Sizes(recorder, false));
        Assert.Equal([2], Sizes(recorder, true));
    }

    [Fact]
    public void What_waited_for_two_spans_does_not_wait_for_more()
    {
        using StreamRecorder recorder = new("control", Span);
        Add(recorder, 0, 10);
        recorder.Pass(new VirtualInstant(2 * Span));
        Assert.Empty(Sizes(recorder, false));
        recorder.Pass(new VirtualInstant((2 * Span) + 1));
        Assert.Equal([2], Sizes(recorder, false));
    }

    [Fact]
    public void A_run_that_is_continued_cuts_as_it_is_stored_and_then_by_the_rules()
    {
        using StreamRecorder recorder = new("control", Span, [1, 3]);
        Add(recorder, 0, 1, 500);
        recorder.Pass(new VirtualInstant(5_000));
        Assert.Equal([1], Sizes(recorder, true));
        Add(recorder, 900);
        Assert.Equal([3], Sizes(recorder, false));
        Add(recorder, 901, 902, 1_002);
        Assert.Equal([2], Sizes(recorder, false));
    }

    [Fact]
    public void Batches_do_not_show_in_the_hash()
    {
        using StreamRecorder one = new("control", Span);
        using StreamRecorder other = new("control", Span, [1, 1, 1]);
        Add(one, 0, 1, 2);
        Add(other, 0, 1, 2);
        _ = one.Take(true);
        Assert.Equal(3, Sizes(other, false).Count);
        Assert.Equal(one.Hash(), other.Hash());
    }

    private static void Add(StreamRecorder recorder, params ulong[] times)
    {
        foreach (ulong at in times)
        {
            VirtualInstant instant = new(at);
            recorder.Add(new ControlRecord(new Stamp(instant, SourceId.Outside, 0), instant, "trace/enable", "1", "ok"), instant);
        }
    }

    private static List<int> Sizes(StreamRecorder recorder, bool all) => [.. recorder.Take(all).Select(b => b.Batch.Records)];
}
