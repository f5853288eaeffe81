using System.Text;
using ActorTrace.Traces.Timelines;

namespace ActorTrace.Hosting.Service.Page;

/// <summary>The page's files, embedded in the assembly as they stand beside this one, and the timeline that the report's page has, too.</summary>
internal static class PageFiles
{
    private const string Prefix = "ServicePage.";

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PageFile> All { get; } =
    [
        .. typeof(PageFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(Embedded),
        File("timeline.js", Encoding.UTF8.GetBytes(TimelineModule.Script)),
        File("timeline.css", Encoding.UTF8.GetBytes(TimelineModule.Style)),
    ];

    private static PageFile Embedded(string resource)
    {
        using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return File(resource[Prefix.Length..], content);
    }

    private static PageFile File(string name, byte[] content) => new(
        string.Equals(name, "index.html", StringComparison.Ordinal) ? "/" : "/page/" + name, ContentTypes[Path.GetExtension(name)], content);
}
