namespace ActorTrace.Hosting.Yaml;

/// <summary>Reads a mapping strictly: every key is asked for, or it is an error.</summary>
/// <remarks>
/// <see cref="Done"/> must be called when all keys are read: it names the first key that nobody asked for, with what was
/// possible here. A missing mandatory key after a misspelt one is reported as the misspelling.
/// </remarks>
public sealed class MapReader
{
    private readonly YamlMap _map;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    /// <summary>Reads a node that must be a mapping.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">Its path in the document, "" for the root, e.g. guests[1].</param>
    /// <param name="places">Takes the place of every key that is there, by path.</param>
    /// <exception cref="InputException">The node is no mapping.</exception>
    public MapReader(YamlNode node, string path, IDictionary<string, YamlPlace> places)
    {
        _map = node as YamlMap ?? throw node.Error($"{(path.Length == 0 ? "the document" : $"'{path}'")} is {node.Kind}", "it must be a mapping of keys and _values");
        Path = path;
        Places = places;
        foreach ((YamlScalar key, YamlNode value) in _map.Entries)
        {
            _values[key.Text] = value;
            places[PathOf(key.Text)] = value is YamlScalar ? value.Place : key.Place;
        }
    }

    /// <summary>Path of the mapping in the document.</summary>
    public string Path { get; }

    /// <summary>Place of the mapping.</summary>
    public YamlPlace Place => _map.Place;

    /// <summary>Places of all keys read so far, by path.</summary>
    public IDictionary<string, YamlPlace> Places { get; }

    /// <summary>The keys that are there, in the order of the file.</summary>
    public IEnumerable<YamlScalar> Keys => _map.Entries.Select(e => e.Key);

    /// <summary>Path of a key of this mapping.</summary>
    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>The value of a key; null where it is absent.</summary>
    public YamlNode? Node(string key)
    {
        _asked.Add(key);
        return _values.GetValueOrDefault(key);
    }

    /// <summary>The text of a key; null where it is absent.</summary>
    public string? Text(string key) => Node(key) is { } node ? TextOf(node, key) : null;

    /// <summary>The text of a key that must be there.</summary>
    public string RequiredText(string key, string example) => Text(key) ?? throw Missing(key, example);

    /// <summary>A value read by a function that answers null for a text it cannot read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads the text.</param>
    /// <param name="help">How the value is written.</param>
    public T? Value<T>(string key, Func<string, T?> read, string help)
        where T : struct
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        string text = TextOf(node, key);
        return read(text) ?? throw node.Error($"'{text}' is no value for '{key}'", help);
    }

    /// <summary>A whole number within a range.</summary>
    public ulong? Integer(string key, ulong least, ulong most) =>
        Value<ulong>(key, t => Quantity.Integer(t) is { } v && v >= least && v <= most ? v : null, $"a whole number from {least} to {most}");

    /// <summary>An address: a whole number below 2^32.</summary>
    public uint? Address(string key) =>
        Value<uint>(key, t => Quantity.Integer(t) is { } v and <= uint.MaxValue ? (uint)v : null, "an address below 4 GiB, e.g. 0x40000000");

    /// <summary>A time.</summary>
    public TimeQuantity? Time(string key) => Value(key, Quantity.Time, Quantity.TimeHelp);

    /// <summary>true or false.</summary>
    public bool? Flag(string key) =>
        Value<bool>(key, t => t is "true" ? true : t is "false" ? false : null, "true or false");

    /// <summary>One of a few words.</summary>
    public string? Choice(string key, params IReadOnlyCollection<string> words)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        string text = TextOf(node, key);
        return words.Contains(text, StringComparer.Ordinal)
            ? text
            : throw node.Error($"'{text}' is no value for '{key}'", Suggestion.For(text, words));
    }

    /// <summary>The items of a list; empty where the key is absent.</summary>
    public IReadOnlyList<YamlNode> Items(string key) => Node(key) switch
    {
        null => [],
        YamlList list => Placed(key, list.Items),
        YamlNode other => throw other.Error($"'{PathOf(key)}' is {other.Kind}", "it must be a list"),
    };

    /// <summary>A mapping below this one; null where the key is absent.</summary>
    public MapReader? Map(string key) => Node(key) is { } node ? new MapReader(node, PathOf(key), Places) : null;

    /// <summary>The mappings of a list of mappings.</summary>
    public IEnumerable<MapReader> Maps(string key) =>
        Items(key).Select((item, i) => new MapReader(item, $"{PathOf(key)}[{i}]", Places));

    /// <summary>An error at a key of this mapping, or at the mapping where the key is absent.</summary>
    public InputException Error(string key, string what, string mend) =>
        new((Places.TryGetValue(PathOf(key), out YamlPlace place) ? place : Place).ToString(), what, mend);

    /// <summary>The place of a path below this mapping; of what contains it where it is not written.</summary>
    public YamlPlace PlaceOf(string path)
    {
        string at = path;
        while (at.Length > 0)
        {
            if (Places.TryGetValue(at, out YamlPlace place))
            {
                return place;
            }

            at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))];
        }

        return Place;
    }

    /// <summary>The error that a mandatory key is absent, or that it is misspelt.</summary>
    public InputException Missing(string key, string example)
    {
        _asked.Add(key);
        foreach (YamlScalar written in Keys.Where(k => !_asked.Contains(k.Text, StringComparer.Ordinal)))
        {
            if (string.Equals(Suggestion.Nearest(written.Text, [key]), key, StringComparison.Ordinal))
            {
                return written.Error($"unknown key '{written.Text}'", $"did you mean '{key}'?");
            }
        }

        string where = Path.Length == 0 ? "" : $" in '{Path}'";
        return new InputException(Place.ToString(), $"key '{key}' is missing{where}", $"add {example}");
    }

    /// <summary>Ends the reading: a key that nobody asked for is an error.</summary>
    /// <exception cref="InputException">There is an unknown key.</exception>
    public void Done()
    {
        foreach (YamlScalar key in Keys.Where(k => !_asked.Contains(k.Text, StringComparer.Ordinal)))
        {
            string[] absent = [.. _asked.Where(a => !_values.ContainsKey(a)).Distinct(StringComparer.Ordinal)];
            throw key.Error($"unknown key '{key.Text}'", Suggestion.For(key.Text, absent));
        }
    }

    private static string TextOf(YamlNode node, string key) => node switch
    {
        YamlScalar { IsNull: false } scalar => scalar.Text,
        YamlScalar => throw node.Error($"'{key}' has no value", "write it after the colon, or remove the key"),
        _ => throw node.Error($"'{key}' is {node.Kind}", "it must be a single value"),
    };

    private IReadOnlyList<YamlNode> Placed(string key, IReadOnlyList<YamlNode> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            Places[$"{PathOf(key)}[{i}]"] = items[i].Place;
        }

        return items;
    }
}
