namespace ActorTrace.Hosting.Yaml;

/// <summary>Where a node begins.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
public readonly record struct YamlPlace(string File, long Line, long Column)
{
    /// <summary>file:line:column, as compilers print it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A node of a YAML document with its place.</summary>
/// <param name="Place">Where it begins.</param>
public abstract record YamlNode(YamlPlace Place)
{
    /// <summary>What the node is, for messages.</summary>
    public abstract string Kind { get; }

    /// <summary>An error at this node.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="mend">How to mend it.</param>
    public InputException Error(string what, string mend) => new(Place.ToString(), what, mend);
}

/// <summary>A scalar.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Text">Its text without quotes.</param>
/// <param name="Plain">True where it is written without quotes.</param>
public sealed record YamlScalar(YamlPlace Place, string Text, bool Plain) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <summary>True for an absent value: empty, ~ or null.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null";
}

/// <summary>A sequence.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Items">Its items in order.</param>
public sealed record YamlList(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A mapping; its keys are scalars and differ.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Entries">Its entries in the order of the file.</param>
public sealed record YamlMap(YamlPlace Place, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Place)
{
    /// <inheritdoc/>
    public override string Kind => "a mapping";
}
