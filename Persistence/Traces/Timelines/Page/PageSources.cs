using System.Security.Cryptography;
using System.Text;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>The page's own sources, which are embedded in the assembly as they stand beside this file.</summary>
internal static class PageSources
{
    // In the order in which they build on each other.
    private static readonly string[] Scripts =
    [
        "data.js", "times.js", "view.js", "layout.js", "colors.js", "paint.js", "arrows.js", "chart.js", "pick.js", "details.js",
        "legend.js", "search.js", "address.js", "input.js", "main.js",
    ];

    /// <summary>The frame of the page, with {{places}} to fill.</summary>
    public static string Frame { get; } = Read("page.html");

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Read("page.css");

    /// <summary>The script: one scope, strict.</summary>
    public static string Script { get; } = $"(() => {{\n'use strict';\n{string.Join('\n', Scripts.Select(Read))}}})();\n";

    /// <summary>
    /// The page's content security policy: nothing is fetched, and only the style sheet and the script that it came with count.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; script-src '{Hash(Script)}'; style-src '{Hash(Style)}'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>The frame of a comparison's page, with {{places}} to fill.</summary>
    public static string CompareFrame { get; } = Read("compare.html");

    /// <summary>Its style sheet.</summary>
    public static string CompareStyle { get; } = Style + Read("compare.css");

    /// <summary>Its content security policy: it has no script.</summary>
    public static string ComparePolicy { get; } = $"default-src 'none'; style-src '{Hash(CompareStyle)}'; img-src data:; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using Stream stream = typeof(PageSources).Assembly.GetManifestResourceStream("Page." + name)
            ?? throw new InvalidOperationException($"the assembly lacks {name}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
