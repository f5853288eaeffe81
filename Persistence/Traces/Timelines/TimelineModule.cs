using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines;

/// <summary>The timeline of the report's page as a part of other pages, to which more can be added while it is shown.</summary>
public static class TimelineModule
{
    // What another page builds on; everything else stays inside.
    private const string Exports =
        "App, KIND, STYLE, View, absolute, exactInstant, extent, followAddress, grouped, isBusy, listen, lowerBound, make, shortDuration, upperBound";

    /// <summary>An ES module.</summary>
    public static string Script { get; } = $"{PageSources.Timeline}\nexport {{ {Exports} }};\n";

    /// <summary>Its style sheet, with the colours of light and dark.</summary>
    public static string Style => PageSources.Style;
}
