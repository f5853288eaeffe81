using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Spans;

/// <summary>What ran when: a span for each stay of a task on a vCPU, and of a vCPU on a core; a lane is cut into traces of bounded length.</summary>
/// <param name="manifest">What the run was.</param>
/// <param name="ids">Its identities.</param>
/// <param name="bounds">Is told where traces begin and end; may be null.</param>
internal sealed class RunSlices(RunManifest manifest, SpanIds ids, ITraceBounds? bounds)
{
    private readonly SortedDictionary<(SpanIds.Subject Subject, int Guest, int Index), Lane> _lanes = [];

    /// <summary>Begins a lane in the middle.</summary>
    public void Begin(LaneStart start) => Of((start.Subject, (int)(start.Number >> 8), (int)(start.Number & 0xFF))).Begin(start);

    /// <summary>Adds the spans that a record makes.</summary>
    public void Take(TraceRecord record, VirtualInstant now, List<Span> spans)
    {
        switch (record)
        {
            case SwitchRecord change:
                SpanAttribute[] attributes =
                [
                    SpanAttribute.Of("pid", change.Current.Pid), SpanAttribute.Of("priority", change.Current.Priority),
                    SpanAttribute.Of("state", change.PreviousState == 0 ? "preempted" : "asleep"),
                ];
                Of(change.Vcpu).Switch(now, Nanoseconds(change.At), change.Current.Pid == 0 ? null : change.Current.Comm, attributes, spans);
                break;
            case LostRecordsRecord lost:
                Of(lost.Vcpu).Forget();
                break;
            case StepRecord { Step: StepKind.VcpuSwitch } step:
                Of(step.Core).Switch(now, Nanoseconds(step.End), Previous(step.Detail), [], spans);
                break;
            default: break;
        }
    }

    /// <summary>Adds the first spans of the traces that are not full.</summary>
    public void Complete(List<Span> spans)
    {
        foreach (Lane lane in _lanes.Values)
        {
            lane.Complete(spans);
        }
    }

    private Lane Of(VcpuId vcpu) => Of((SpanIds.Subject.TaskLane, vcpu.Guest.Index, vcpu.Index));

    private Lane Of(CoreId core) => Of((SpanIds.Subject.VcpuLane, core.Index, 0));

    private Lane Of((SpanIds.Subject Subject, int First, int Second) key)
    {
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
            (string service, string name) = key.Subject == SpanIds.Subject.TaskLane
                ? ($"guest {GuestName(key.First)}", $"tasks on vCPU {key.Second}")
                : ($"hypervisor core {key.First}", $"vCPUs on core {key.First}");
            lane = new Lane(ids, bounds, key.Subject, ((ulong)key.First << 8) | (uint)key.Second, service, name);
            _lanes.Add(key, lane);
        }

        return lane;
    }

    /// <summary>The vCPU before: guest, and vCPU in bits 15:8; all ones for none.</summary>
    private string? Previous(ulong detail) => detail == ulong.MaxValue ? null : $"{GuestName((int)(detail & 0xFF))} vCPU {detail >> 8 & 0xFF}";

    private string GuestName(int guest) => guest < manifest.Guests.Count ? manifest.Guests[guest].Name : StepSpans.Hexadecimal((ulong)guest);

    private ulong Nanoseconds(VirtualInstant at) => manifest.Clock.ToNanoseconds(at);

    private sealed class Lane(SpanIds ids, ITraceBounds? bounds, SpanIds.Subject subject, ulong number, string service, string name)
    {
        private ulong? _since;
        private ulong _part;
        private ulong _slices;
        private ulong _start;
        private ulong _end;
        private VirtualInstant _last = VirtualInstant.Never;
        private int _atOnce;
        private int _leftOut;

        private SpanId First => ids.Of(subject, number, _part);

        /// <summary>Goes on as the lane does that begins a trace there.</summary>
        public void Begin(LaneStart start) => (_part, _leftOut) = (start.Part, start.Skipped);

        public void Forget() => _since = null;

        /// <summary>Something else runs from now on.</summary>
        /// <param name="now">The instant of the record.</param>
        /// <param name="at">Nanoseconds.</param>
        /// <param name="who">Who ran until now; null for nobody.</param>
        /// <param name="attributes">What else is known of that.</param>
        /// <param name="spans">Gets the span of it.</param>
        public void Switch(VirtualInstant now, ulong at, string? who, SpanAttribute[] attributes, List<Span> spans)
        {
            (ulong? since, bool sameInstant) = (_since, _last == now);
            (_since, _last) = (at, now);
            _atOnce = sameInstant ? _atOnce : 0;
            if (since is { } start && who is not null)
            {
                _atOnce += sameInstant ? 1 : 0;
                Add(start, at, who, attributes, spans);
            }

            if (_slices == 0 && (since is null || who is not null))
            {
                bounds?.LaneOpened(First.Trace, new LaneStart(subject, number, _part, now, _atOnce));
            }
        }

        public void Complete(List<Span> spans)
        {
            if (_slices > 0)
            {
                spans.Add(new Span(First, 0, service, name, _start, _end, [SpanAttribute.Of("slices", (long)_slices)], ids.Run));
                bounds?.Closed(First.Trace, _last);
                (_slices, _part) = (0, _part + 1);
            }
        }

        private void Add(ulong start, ulong end, string who, SpanAttribute[] attributes, List<Span> spans)
        {
            if (_leftOut > 0)
            {
                _leftOut--;
                return;
            }

            _start = _slices == 0 ? start : _start;
            _end = end;
            spans.Add(new Span(SpanIds.Next(First, ++_slices), First.Span, service, who, start, end, attributes));
            if (_slices == CausalChains.MostSpans - 1)
            {
                Complete(spans);
            }
        }
    }
}
