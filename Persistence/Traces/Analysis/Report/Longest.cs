namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Keeps the longest of many; of equals the earlier ones.</summary>
internal sealed class Longest<T>
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 10;

    private readonly List<(ulong Length, T Item)> _items = [];

    /// <summary>Considers one.</summary>
    public void Add(ulong length, T item)
    {
        int place = _items.FindIndex(other => other.Length < length);
        if (place < 0)
        {
            place = _items.Count;
        }

        if (place < Kept)
        {
            _items.Insert(place, (length, item));
            if (_items.Count > Kept)
            {
                _items.RemoveAt(Kept);
            }
        }
    }

    /// <summary>Those kept, longest first.</summary>
    public IReadOnlyList<T> Items() => [.. _items.Select(pair => pair.Item)];
}
