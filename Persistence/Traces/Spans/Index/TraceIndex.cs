using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans.Index;

/// <summary>Where the traces of a run are among its records: 4 bytes a trace, so that none is kept and few records are read again to have one.</summary>
/// <remarks>Filled on one thread while others ask; they see what is complete.</remarks>
public sealed class TraceIndex
{
    private readonly Lock _lock = new();
    private readonly List<TraceSegment> _segments = [];
    private readonly Dictionary<(string Service, string Operation), int> _names = [];
    private long _bytes;
    private Span? _run;

    /// <summary>About its size in memory.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes + (100L * _names.Count);
            }
        }
    }

    /// <summary>The run's own span; null until the run is over.</summary>
    public Span? Run
    {
        get
        {
            lock (_lock)
            {
                return _run;
            }
        }
    }

    /// <summary>Names of its probes.</summary>
    internal ProbeNames? Probes { get; private set; }

    /// <summary>Reads a run to its end.</summary>
    /// <param name="source">The run.</param>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public void Read(SpanSource source)
    {
        Probes = source.NewNames();
        var placed = new PlacedSource(source.Records);
        var filling = new TraceIndexFilling(this, source with { Records = placed }, placed);
        foreach (MergedRecord merged in TraceMerger.Merge(placed, TraceView.Board))
        {
            filling.Take(merged);
        }

        filling.Complete();
    }

    /// <summary>The services and what they do, in ordinal order.</summary>
    public IReadOnlyList<(string Service, string Operation)> Names()
    {
        lock (_lock)
        {
            return [.. _names.Keys.OrderBy(n => n.Service, StringComparer.Ordinal).ThenBy(n => n.Operation, StringComparer.Ordinal)];
        }
    }

    /// <summary>Where a span of a service may be, the latest first.</summary>
    /// <param name="service">The service.</param>
    /// <param name="operation">What it does; null for anything.</param>
    public IReadOnlyList<TraceSegment> Where(string service, string? operation)
    {
        lock (_lock)
        {
            int[] wanted =
            [
                .. _names.Where(n => string.Equals(n.Key.Service, service, StringComparison.Ordinal)
                    && (operation is null || string.Equals(n.Key.Operation, operation, StringComparison.Ordinal))).Select(n => n.Value),
            ];
            return [.. _segments.Where(s => wanted.Any(s.Names)).OrderByDescending(s => s.LatestStart)];
        }
    }

    /// <summary>Where causal chains are, in the order in which they begin.</summary>
    /// <param name="name">Name of their first span; null for all.</param>
    public IReadOnlyList<TraceSegment> Chains(string? name)
    {
        lock (_lock)
        {
            int[] wanted = [.. _names.Where(n => string.Equals(n.Key.Operation, name, StringComparison.Ordinal)).Select(n => n.Value)];
            return [.. _segments.Where(s => s.IsOfChains && (name is null || wanted.Any(s.Names))).OrderBy(s => s.From)];
        }
    }

    /// <summary>Where a trace may be.</summary>
    public IReadOnlyList<TraceSegment> Where(UInt128 trace)
    {
        lock (_lock)
        {
            return [.. _segments.Where(s => s.MayHold(trace))];
        }
    }

    internal int NameOf(Span span)
    {
        lock (_lock)
        {
            if (!_names.TryGetValue((span.Service, span.Name), out int name))
            {
                _names.Add((span.Service, span.Name), name = _names.Count);
            }

            return name;
        }
    }

    internal void Add(TraceSegment segment)
    {
        lock (_lock)
        {
            _segments.Add(segment);
            _bytes += segment.Bytes;
        }
    }

    internal void Add(Span run)
    {
        lock (_lock)
        {
            _run = run;
        }
    }
}
