using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Spans;

/// <summary>What ran when: a span for each stay of a task on a vCPU, and of a vCPU on a core; a lane is cut into traces of bounded length.</summary>
internal sealed class RunSlices(RunManifest manifest, SpanIds ids)
{
    private readonly SortedDictionary<(SpanIds.Subject Subject, int Guest, int Index), Lane> _lanes = [];

    /// <summary>The spans that a record makes.</summary>
    public IEnumerable<Span> Take(TraceRecord record)
    {
        switch (record)
        {
            case SwitchRecord change:
                List<SpanAttribute> attributes =
                [
                    SpanAttribute.Of("pid", change.Current.Pid), SpanAttribute.Of("priority", change.Current.Priority),
                    SpanAttribute.Of("state", change.PreviousState == 0 ? "preempted" : "asleep"),
                ];
                return Of(change.Vcpu).Switch(Nanoseconds(change.At), change.Current.Pid == 0 ? null : change.Current.Comm, attributes);
            case LostRecordsRecord lost:
                Of(lost.Vcpu).Forget();
                break;
            case StepRecord { Step: StepKind.VcpuSwitch } step:
                return Of(step.Core).Switch(Nanoseconds(step.End), Previous(step.Detail), []);
            default: break;
        }

        return [];
    }

    /// <summary>The first spans of the traces that are not full.</summary>
    public IEnumerable<Span> Complete() => _lanes.Values.SelectMany(lane => lane.Complete());

    private Lane Of(VcpuId vcpu) => Of(
        (SpanIds.Subject.TaskLane, vcpu.Guest.Index, vcpu.Index), $"guest {GuestName(vcpu.Guest.Index)}", $"tasks on vCPU {vcpu.Index}");

    private Lane Of(CoreId core) => Of((SpanIds.Subject.VcpuLane, core.Index, 0), $"hypervisor core {core.Index}", $"vCPUs on core {core.Index}");

    private Lane Of((SpanIds.Subject Subject, int Guest, int Index) key, string service, string name)
    {
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
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
        public IEnumerable<Span> Switch(ulong at, string? who, List<SpanAttribute> attributes)
        {
            ulong? since = _since;
            _since = at;
            if (since is not { } start || who is null)
            {
                return [];
            }

            _start = _slices == 0 ? start : _start;
            _end = at;
            Span slice = new(SpanIds.Next(First, ++_slices), First.Span, service, who, start, at, attributes);
            return _slices < CausalChains.MostSpans - 1 ? [slice] : [slice, .. Complete()];
        }

        public IEnumerable<Span> Complete()
        {
            if (_slices == 0)
            {
                return [];
            }

            Span first = new(First, 0, service, name, _start, _end, [SpanAttribute.Of("slices", (long)_slices)], ids.Run);
            (_slices, _part) = (0, _part + 1);
            return [first];
        }
    }
}
