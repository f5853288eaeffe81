using HdrHistogram;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Collects observations of a time for a <see cref="Distribution"/>, in bounded memory.</summary>
/// <remarks>
/// The first <see cref="Kept"/> observations are kept as they are. When there are more, all go into an HDR histogram of three
/// significant digits, which grows with the longest time only.
/// </remarks>
internal sealed class Samples
{
    /// <summary>Observations up to which every figure is exact.</summary>
    public const int Kept = 16_384;

    private const int SignificantDigits = 3;

    private List<ulong>? _values = [];
    private LongHistogram? _histogram;
    private ulong _count;
    private UInt128 _sum;
    private ulong _min = ulong.MaxValue;
    private ulong _max;

    /// <summary>Adds an observation in nanoseconds, below 2^62.</summary>
    public void Add(ulong value)
    {
        _count++;
        _sum += value;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        if (_values is { Count: < Kept })
        {
            _values.Add(value);
            return;
        }

        if (_values is not null)
        {
            List<ulong> kept = _values;
            _values = null;
            kept.ForEach(Record);
        }

        Record(value);
    }

    /// <summary>What was collected.</summary>
    public Distribution Distribution()
    {
        if (_count == 0)
        {
            return Report.Distribution.None;
        }

        var bins = new HistogramBins(_min, _max);
        ulong seen = 0;
        ulong? p50 = null;
        ulong? p99 = null;
        foreach ((ulong value, ulong count) in Ascending())
        {
            bins.Add(value, count);
            seen += count;
            p50 ??= Reaches(seen, 50) ? value : null;
            p99 ??= Reaches(seen, 99) ? value : null;
        }

        return new Distribution(_count, _min, (ulong)(_sum / _count), p50 ?? _max, p99 ?? _max, _max, _values is not null, bins.NotEmpty());
    }

    private bool Reaches(ulong seen, uint percent) => (UInt128)seen * 100 >= (UInt128)_count * percent;

    private IEnumerable<(ulong Value, ulong Count)> Ascending() => _histogram is null
        ? _values!.Order().Select(value => (value, 1ul))
        : _histogram.RecordedValues().Select(step => (Math.Clamp((ulong)step.ValueIteratedTo, _min, _max), (ulong)step.CountAddedInThisIterationStep));

    private void Record(ulong value)
    {
        long longest = (long)Math.Min(value, long.MaxValue >> 1);
        if (_histogram is null || longest > _histogram.HighestTrackableValue)
        {
            var larger = new LongHistogram(1, Math.Max(longest * 2, 2), SignificantDigits);
            if (_histogram is not null)
            {
                larger.Add(_histogram);
            }

            _histogram = larger;
        }

        _histogram.RecordValue(longest);
    }
}
