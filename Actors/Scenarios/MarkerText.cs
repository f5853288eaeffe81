namespace ActorTrace.Actors.Scenarios;

/// <summary>What may be written to trace/marker.</summary>
internal static class MarkerText
{
    /// <summary>How a marker is written.</summary>
    public const string Help = "a marker is one line of 1 to 200 printable ASCII characters";

    private const int Longest = 200;

    /// <summary>Whether a text is one.</summary>
    public static bool IsMarker(string text) => text.Trim() is { Length: > 0 and <= Longest } line && line.All(c => c is >= ' ' and <= '~');
}
