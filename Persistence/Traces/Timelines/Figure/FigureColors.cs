using System.Text.RegularExpressions;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>The light colours of the page, taken from its style sheet: a figure looks like the page.</summary>
internal static partial class FigureColors
{
    private const int TaskColors = 16;
    private const int HypervisorColors = 6;

    private static readonly Dictionary<string, string> Named = Read();

    /// <summary>Text.</summary>
    public static string Ink => Named["ink"];

    /// <summary>Text beside.</summary>
    public static string Soft => Named["soft"];

    /// <summary>Text of headings.</summary>
    public static string Faint => Named["faint"];

    /// <summary>Borders.</summary>
    public static string Line => Named["line"];

    /// <summary>Lines of the axis.</summary>
    public static string Grid => Named["grid"];

    /// <summary>Where nothing runs.</summary>
    public static string Idle => Named["idle"];

    /// <summary>The page.</summary>
    public static string Paper => Named["paper"];

    /// <summary>Causal arrows.</summary>
    public static string Arrow => Named["arrow"];

    /// <summary>The colour of a series of bars.</summary>
    public static string OfSeries(int series) => Named[FormattableString.Invariant($"task-{series % TaskColors}")];

    /// <summary>The colour of a label.</summary>
    public static string Of(TimelineLabel label) => label.Style switch
    {
        LabelStyle.Task => Named[FormattableString.Invariant($"task-{label.Color % TaskColors}")],
        LabelStyle.Hypervisor => Named[FormattableString.Invariant($"hyp-{label.Color % HypervisorColors}")],
        _ => OfStyle(label.Style),
    };

    /// <summary>The colour of a style that has one only.</summary>
    public static string OfStyle(LabelStyle style) => Named[style.ToString().ToLowerInvariant()];

    private static Dictionary<string, string> Read()
    {
        // The first block of the style sheet; the second is that of the dark theme.
        string light = PageSources.Style[..PageSources.Style.IndexOf('}', StringComparison.Ordinal)];
        return Color().Matches(light).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["color"].Value, StringComparer.Ordinal);
    }

    [GeneratedRegex("--(?<name>[a-z0-9-]+): (?<color>#[0-9a-f]{6});", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Color();
}
