using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Spans;

/// <summary>What ran when: a span for each stay of a task on a vCPU, and of a vCPU on a core; a lane is cut into traces of bounded length.</summary>
internal sealed class RunSlices(RunManifest manifest, SpanIds ids)
{
    private readonly SortedDictionary<(SpanIds.Subject Subject, int Guest, int Index), Lane> _lanes = [];

    /// <summary>Adds the spans that a record makes.</summary>
    public void Take(TraceRecord record, List<Span> spans)
    {
        switch (record)
        {
            case SwitchRecord change:
                SpanAttribute[] attributes =
                [
                    SpanAttribute.Of("pid", change.Current.Pid), SpanAttribute.Of("priority", change.Current.Priority),
                    SpanAttribute.Of("state", change.PreviousState == 0 ? "preempted" : "asleep"),
                ];
                Of(change.Vcpu).Switch(Nanoseconds(change.At), change.Current.Pid == 0 ? null : change.Current.Comm, attributes, spans);
                break;
            case LostRecordsRecord lost:
                Of(lost.Vcpu).Forget();
                break;
            case StepRecord { Step: StepKind.VcpuSwitch } step:
                Of(step.Core).Switch(Nanoseconds(step.End), Previous(step.Detail), [], spans);
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

    private Lane Of(VcpuId vcpu) => Of(
        (SpanIds.Subject.TaskLane, vcpu.Guest.Index, vcpu.Index),
        key => ($"guest {GuestName(key.Guest)}", $"tasks on vCPU {key.Index}"));

    private Lane Of(CoreId core) => Of(
        (SpanIds.Subject.VcpuLane, core.Index, 0), key => ($"hypervisor core {key.Guest}", $"vCPUs on core {key.Guest}"));

    private Lane Of(
        (SpanIds.Subject Subject, int Guest, int Index) key, Func<(SpanIds.Subject Subject, int Guest, int Index), (string Service, string Name)> names)
    {
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
            (string service, string name) = names(key);
            lane = new Lane(ids, key.Subject, ((ulong)key.Guest << 8) | (uint)key.Index, service, name);
            _lanes.Add(key, lane);
        }

        return lane;
    }

    /// <summary>The vCPU before: guest, and vCPU in bits 15:8; all ones for none.</summary>
    private string? Previous(ulong detail) => detail == ulong.MaxValue ? null : $"{GuestName((int)(detail & 0xFF))} vCPU {detail >> 8 & 0xFF}";

    private string GuestName(int guest) => guest < manifest.Guests.Count ? manifest.Guests[guest].Name : StepSpans.Hexadecimal((ulong)guest);

    private ulong Nanoseconds(VirtualInstant at) => manifest.Clock.ToNanoseconds(at);

    private sealed class Lane(SpanIds ids, SpanIds.Subject subject, ulong number, string service, string name)
    {
        private ulong? _since;
        private ulong _part;
        private ulong _slices;
        private ulong _start;
        private ulong _end;

        private SpanId First => ids.Of(subject, number, _part);

        public void Forget() => _since = null;

        /// <summary>Something else runs from now on.</summary>
        /// <param name="at">Nanoseconds.</param>
        /// <param name="who">Who ran until now; null for nobody.</param>
        /// <param name="attributes">What else is known of that.</param>
        /// <param name="spans">Gets the span of it.</param>
        public void Switch(ulong at, string? who, SpanAttribute[] attributes, List<Span> spans)
        {
            ulong? since = _since;
            _since = at;
            if (since is not { } start || who is null)
            {
                return;
            }

            _start = _slices == 0 ? start : _start;
            _end = at;
            spans.Add(new Span(SpanIds.Next(First, ++_slices), First.Span, service, who, start, at, attributes));
            if (_slices == CausalChains.MostSpans - 1)
            {
                Complete(spans);
            }
        }

        public void Complete(List<Span> spans)
        {
            if (_slices > 0)
            {
                spans.Add(new Span(First, 0, service, name, _start, _end, [SpanAttribute.Of("slices", (long)_slices)], ids.Run));
                (_slices, _part) = (0, _part + 1);
            }
        }
    }
}
