using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Alignment;

/// <summary>Which events two logs have in common, as the user says it: NAME, or NAME:TEXT.</summary>
/// <param name="Name">The event's name; a marker is print or tracing_mark_write.</param>
/// <param name="Text">What its arguments hold; empty for anything.</param>
public sealed record EventPattern(string Name, string Text)
{
    /// <summary>Reads a pattern; null where it names no event.</summary>
    public static EventPattern? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', 2);
        string name = parts[0].Trim();
        return name.Length == 0 ? null : new EventPattern(name, parts.Length > 1 ? parts[1] : string.Empty);
    }

    /// <inheritdoc/>
    public override string ToString() => Text.Length == 0 ? Name : $"{Name}:{Text}";

    /// <summary>What tells the event from others of the pattern: its arguments from the text on; null where it is none of them.</summary>
    internal string? KeyOf(in TraceEvent candidate, EventLine line)
    {
        if (!string.Equals(candidate.Type.Name, Name, StringComparison.Ordinal) && !string.Equals(candidate.Type.TextName, Name, StringComparison.Ordinal))
        {
            return null;
        }

        string arguments = line.Of(candidate);
        int at = arguments.IndexOf(Text, StringComparison.Ordinal);
        return at < 0 ? null : arguments[at..];
    }
}

/// <summary>The events of a log that another may have too, with their times.</summary>
internal sealed class CommonEvents(IReadOnlyList<EventPattern> patterns)
{
    /// <summary>More are refused: times that are matched are held in memory.</summary>
    public const int Most = 100_000;

    private const int LongestKey = 200;

    private readonly EventLine _line = new();
    private readonly Dictionary<(string Key, int Number), ulong> _times = [];
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _times.Count;

    /// <summary>Notes an event if it is one of them.</summary>
    /// <returns>False where there are too many.</returns>
    public bool Add(in TraceEvent next)
    {
        foreach (EventPattern pattern in patterns)
        {
            if (pattern.KeyOf(next, _line) is not { } key)
            {
                continue;
            }

            key = key.Length > LongestKey ? key[..LongestKey] : key;
            int number = _seen.GetValueOrDefault(key);
            _seen[key] = number + 1;
            _times.Add((key, number), next.Nanoseconds);
            return _times.Count < Most;
        }

        return true;
    }

    /// <summary>The events that both logs have, in the order of the reference: the n-th of a text is the n-th of the same text there.</summary>
    public IReadOnlyList<EventPair> PairsWith(CommonEvents reference) =>
    [
        .. reference._times.Where(entry => _times.ContainsKey(entry.Key)).OrderBy(entry => entry.Value)
            .Select(entry => new EventPair(entry.Value, _times[entry.Key])),
    ];
}
