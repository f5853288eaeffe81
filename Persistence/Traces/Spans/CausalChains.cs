using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Spans;

/// <summary>A trace for each causal chain: what a hit, a trap or a command set off, on whatever core, until the entry in the trace buffer.</summary>
/// <remarks>
/// Streams: a chain is kept until nothing was added to it for <see cref="Patience"/> of simulated time, then its first span, which
/// covers it, is known. Records that come later begin another trace of that chain, with identities of its own.
/// </remarks>
/// <param name="manifest">What the run was.</param>
/// <param name="ids">Its identities.</param>
/// <param name="probes">Names of its probes.</param>
/// <param name="bounds">Is told where traces begin and end; may be null.</param>
internal sealed class CausalChains(RunManifest manifest, SpanIds ids, ProbeNames probes, ITraceBounds? bounds)
{
    /// <summary>The most spans of a trace; a longer chain goes on in another one.</summary>
    public const int MostSpans = 2000;

    private const int MostOpen = 1 << 16;
    private const ulong MillisecondsOfPatience = 100;

    // Room for the further traces of a long chain.
    private const int PartBits = 12;

    private readonly Dictionary<Stamp, Chain> _open = [];
    private readonly Queue<(VirtualInstant Due, Chain Chain)> _due = [];

    private static readonly StepKind[] OfEntries = [StepKind.BufferWrite];

    private readonly Dictionary<byte, string> _cores = [];
    private readonly Dictionary<byte, string> _guests = [];
    private readonly Dictionary<RecordKind, string> _entryNames = [];

    private VirtualInstant Patience { get; } = manifest.Clock.FromNanoseconds(MillisecondsOfPatience * 1_000_000);

    /// <summary>Adds the spans that a record makes.</summary>
    public void Take(TraceRecord record, VirtualInstant now, List<Span> spans)
    {
        Close(now, spans);
        switch (record)
        {
            case StepRecord step:
                probes.Learn(step);
                Chain chain = Find(step.Cause, now, spans);
                spans.Add(Step(chain, step));
                if (step.Step == StepKind.BufferWrite)
                {
                    AddEntries(chain, spans);
                }

                break;

            // The entry is made by the buffer write that comes later.
            case LaneRecord lane and not LostRecordsRecord:
                Find(lane.Cause, now, spans).Entries.Add(lane);
                break;
            default: break;
        }
    }

    /// <summary>Adds the spans that were still waited with.</summary>
    public void Complete(List<Span> spans) => Close(VirtualInstant.Never, spans);

    private Chain Find(in Stamp cause, VirtualInstant now, List<Span> spans)
    {
        // Which records are one trace depends on their own times alone, not on when the queue comes to the chain.
        if (_open.TryGetValue(cause, out Chain? chain) && chain.Touched + Patience.Cycles < now)
        {
            Close(chain, spans);
            chain = null;
        }

        if (chain is null)
        {
            // A chain that was closed and is opened again is told apart by how long after its cause that is.
            ulong part = (now.Cycles - cause.At.Cycles) << PartBits;
            chain = new Chain(cause, part, ids.Of(cause, part));
            _open.Add(cause, chain);
            _due.Enqueue((now + Patience.Cycles, chain));
            bounds?.ChainOpened(chain.First.Trace, cause, now);
        }

        chain.Touched = now;
        return chain;
    }

    private void Close(VirtualInstant now, List<Span> spans)
    {
        while (_due.TryPeek(out (VirtualInstant Due, Chain Chain) next) && (next.Due < now || _open.Count > MostOpen))
        {
            _ = _due.Dequeue();
            if (next.Chain.IsClosed)
            {
                continue;
            }

            VirtualInstant due = next.Chain.Touched + Patience.Cycles;
            if (due >= now && now != VirtualInstant.Never && _open.Count <= MostOpen)
            {
                _due.Enqueue((due, next.Chain));
                continue;
            }

            Close(next.Chain, spans);
        }
    }

    private void Close(Chain chain, List<Span> spans)
    {
        _ = _open.Remove(chain.Cause);
        chain.IsClosed = true;
        if (chain.Steps == 0 && chain.Entries.Count > 0)
        {
            // What the GPOS's own tracer wrote down has no steps before it: the entry is all there is.
            spans.Add(Entry(chain.First, 0, chain.Entries[0], ids.Run));
            chain.Entries.RemoveAt(0);
        }

        AddEntries(chain, spans);
        if (chain.Steps > 0)
        {
            spans.Add(First(chain));
        }

        for (ulong part = 0; bounds is not null && part <= chain.Spans / (MostSpans - 1); part++)
        {
            bounds.Closed(TraceOf(chain, part).Trace, chain.Touched);
        }
    }

    private Span Step(Chain chain, StepRecord record)
    {
        chain.Add(record, Nanoseconds(record.Start), Nanoseconds(record.End));
        (SpanId id, ulong parent, SpanId? link) = Place(chain, StepSpans.ParentsOf(record.Step));
        chain.Last[record.Step] = id;
        return new Span(
            id, parent, ServiceOf(record), StepSpans.NameOf(record.Step), Nanoseconds(record.Start), Nanoseconds(record.End),
            StepSpans.AttributesOf(record), link);
    }

    private void AddEntries(Chain chain, List<Span> spans)
    {
        foreach (LaneRecord entry in chain.Entries)
        {
            (SpanId id, ulong parent, SpanId? link) = Place(chain, OfEntries);
            Span made = Entry(id, parent, entry, link);
            chain.End = Math.Max(chain.End, made.End);
            spans.Add(made);
        }

        chain.Entries.Clear();
    }

    private Span Entry(SpanId id, ulong parent, LaneRecord entry, SpanId? link)
    {
        ulong at = Nanoseconds(entry.BufferedAt);
        return new Span(
            id, parent, GuestOf(entry.Vcpu), EntryName(entry.Kind), at, at,
            [
                SpanAttribute.Of("hit.ns", (long)Nanoseconds(entry.At)),
                SpanAttribute.Of("task", entry.Current.Comm), SpanAttribute.Of("pid", entry.Current.Pid),
            ],
            link);
    }

    /// <summary>The next identity of a chain, and its parent where that is in the same trace.</summary>
    private (SpanId Id, ulong Parent, SpanId? Link) Place(Chain chain, IReadOnlyList<StepKind> parents)
    {
        ulong number = ++chain.Spans;
        ulong part = number / (MostSpans - 1);
        SpanId first = TraceOf(chain, part);
        if (part > 0 && number % (MostSpans - 1) == 0)
        {
            bounds?.ChainGoesOn(chain.First.Trace, first.Trace);
        }

        SpanId parent = chain.First;
        foreach (StepKind step in parents)
        {
            if (chain.Last.TryGetValue(step, out SpanId known))
            {
                parent = known;
                break;
            }
        }

        // A link leads from a further trace of the chain to its first one.
        return (SpanIds.Next(first, number), parent.Trace == first.Trace ? parent.Span : 0, part == 0 ? null : chain.First);
    }

    private SpanId TraceOf(Chain chain, ulong part) => part == 0 ? chain.First : ids.Of(chain.Cause, chain.Part + part);

    private Span First(Chain chain)
    {
        List<SpanAttribute> attributes =
        [
            SpanAttribute.Of("guest", GuestName(chain.Vcpu)), SpanAttribute.Of("vcpu", chain.Vcpu.Index),
            SpanAttribute.Of("cycles", (long)chain.Cycles),
        ];
        if (chain.Task is { } task)
        {
            attributes.Add(SpanAttribute.Of("task", task.Comm));
            attributes.Add(SpanAttribute.Of("pid", task.Pid));
        }

        if (chain.Probe is { } probe)
        {
            attributes.Add(SpanAttribute.Of("symbol", probes.NameOf(probe)));
        }

        return new Span(chain.First, 0, GuestOf(chain.Vcpu), NameOf(chain), chain.Start, chain.End, attributes, ids.Run);
    }

    private string NameOf(Chain chain) =>
        chain.Probe is { } probe ? "hit " + probes.NameOf(probe)
        : chain.Reason is { } reason ? "trap " + HypervisorEvents.ReasonName(reason)
        : StepSpans.NameOf(chain.FirstStep);

    private string ServiceOf(StepRecord record) => StepSpans.IsOfGuest(record.Step)
        ? GuestOf(record.Vcpu)
        : Kept(_cores, record.Core.Index, core => $"hypervisor core {core}");

    private string GuestOf(VcpuId vcpu) => Kept(_guests, vcpu.Guest.Index, _ => "guest " + GuestName(vcpu));

    private string EntryName(RecordKind kind) => Kept(_entryNames, kind, entry => "log " + entry);

    /// <summary>A name that many spans share.</summary>
    private static string Kept<T>(Dictionary<T, string> names, T key, Func<T, string> make)
        where T : notnull
    {
        if (!names.TryGetValue(key, out string? name))
        {
            names.Add(key, name = make(key));
        }

        return name;
    }

    private string GuestName(VcpuId vcpu) =>
        vcpu.Guest.Index < manifest.Guests.Count ? manifest.Guests[vcpu.Guest.Index].Name : StepSpans.Hexadecimal(vcpu.Guest.Index);

    private ulong Nanoseconds(VirtualInstant at) => manifest.Clock.ToNanoseconds(at);

    private sealed class Chain(Stamp cause, ulong part, SpanId first)
    {
        private TaskReference? _task;

        public Stamp Cause { get; } = cause;

        public ulong Part { get; } = part;

        public SpanId First { get; } = first;

        public Dictionary<StepKind, SpanId> Last { get; } = [];

        public List<LaneRecord> Entries { get; } = [];

        public VirtualInstant Touched { get; set; }

        public bool IsClosed { get; set; }

        public ulong Spans { get; set; }

        public long Steps { get; private set; }

        public ulong Start { get; private set; }

        public ulong End { get; set; }

        public ulong Cycles { get; private set; }

        public VcpuId Vcpu { get; private set; }

        public StepKind FirstStep { get; private set; }

        public ulong? Probe { get; private set; }

        public ulong? Reason { get; private set; }

        public TaskReference? Task => Entries.Count > 0 ? Entries[^1].Current : _task;

        public void Add(StepRecord record, ulong start, ulong end)
        {
            if (Steps++ == 0)
            {
                (Start, Vcpu, FirstStep) = (start, record.Vcpu, record.Step);
            }

            (Start, End) = (Math.Min(Start, start), Math.Max(End, end));
            Cycles += record.End - record.Start;
            _task = Task;
            switch (record.Step)
            {
                case StepKind.Trap: Reason ??= record.Detail; break;
                case StepKind.Extraction: Probe ??= record.Detail; break;
                default: break;
            }
        }
    }
}
