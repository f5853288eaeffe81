namespace ActorTrace.Traces.Timelines.Comparison;

/// <summary>A table of a comparison as text, the same on a terminal, in a page and in a document.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Their names; one that begins with &lt; holds texts, the others numbers.</param>
/// <param name="Rows">A cell for each column.</param>
public sealed record ComparisonTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
