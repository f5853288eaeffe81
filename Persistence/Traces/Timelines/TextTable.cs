namespace ActorTrace.Traces.Timelines;

/// <summary>Texts by number, each kept once.</summary>
internal sealed class TextTable
{
    private readonly List<string> _all = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbers;

    public TextTable() => _numbers = new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>In order of their numbers.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>The number of a text.</summary>
    public int Of(ReadOnlySpan<char> text)
    {
        if (!_numbers.TryGetValue(text, out int number))
        {
            number = _all.Count;
            string kept = text.ToString();
            _all.Add(kept);
            _numbers[kept] = number;
        }

        return number;
    }
}
