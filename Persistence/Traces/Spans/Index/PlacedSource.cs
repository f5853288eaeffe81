using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans.Index;

/// <summary>A run being read that knows from which record of each stream on it is to be read again for what comes after an instant.</summary>
/// <param name="source">The run.</param>
internal sealed class PlacedSource(ITraceSource source) : ITraceSource
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public RunManifest Manifest => source.Manifest;

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName)
    {
        var place = new Place();
        _places[streamName] = place;
        foreach (TraceRecord record in source.ReadStream(streamName))
        {
            if (record is not HorizonRecord)
            {
                place.Pass(record);
            }

            yield return record;
        }
    }

    /// <summary>How many records at the beginning of each stream belong to what is before an instant; not earlier than asked for before.</summary>
    public Dictionary<string, long> PlacesAt(VirtualInstant instant) =>
        _places.ToDictionary(place => place.Key, place => place.Value.At(instant), StringComparer.Ordinal);

    /// <summary>What comes before an instant will not be asked for.</summary>
    public void Forget(VirtualInstant before)
    {
        foreach (Place place in _places.Values)
        {
            _ = place.At(before);
        }
    }

    private sealed class Place
    {
        // Records that are later than all before them; at such a record begins what is not before its time.
        private readonly Queue<(long Number, VirtualInstant At)> _later = new();
        private VirtualInstant? _latest;
        private long _records;

        public void Pass(TraceRecord record)
        {
            // No step is shown later than it ends.
            VirtualInstant? at = record switch
            {
                StepRecord step => step.End,
                LaneRecord lane => lane.At,
                _ => null,
            };
            if (at is { } time && (_latest is not { } latest || time > latest))
            {
                _latest = time;
                _later.Enqueue((_records, time));
            }

            _records++;
        }

        public long At(VirtualInstant instant)
        {
            while (_later.TryPeek(out (long Number, VirtualInstant At) first) && first.At < instant)
            {
                _ = _later.Dequeue();
            }

            return _later.TryPeek(out (long Number, VirtualInstant At) next) ? next.Number : _records;
        }
    }
}

/// <summary>A run from a place on.</summary>
/// <param name="source">The run.</param>
/// <param name="places">How many records are left out of each stream.</param>
internal sealed class LaterSource(ITraceSource source, IReadOnlyDictionary<string, long> places) : ITraceSource
{
    /// <inheritdoc/>
    public RunManifest Manifest => source.Manifest;

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName) => source.ReadStream(streamName, places.GetValueOrDefault(streamName));
}
