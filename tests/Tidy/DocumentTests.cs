using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Tidy;

public partial class DocumentTests
{
    [Fact]
    public void Links_of_the_documents_lead_to_files_and_headings_that_are_there()
    {
        var dead = new List<string>();
        foreach (string document in Checkout.OfType(".md"))
        {
            foreach (Match link in Link().Matches(Fences().Replace(Checkout.Read(document), "")))
            {
                string target = link.Groups["target"].Value;
                if (!target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal) && !Exists(document, target))
                {
                    dead.Add($"{document}: {target}");
                }
            }
        }

        Assert.Empty(dead);
    }

    [Fact]
    public void A_dead_link_is_found()
    {
        Assert.True(Exists("docs/x.md", "../ActorTrace.sln"));
        Assert.False(Exists("docs/x.md", "ActorTrace.sln"));
        Assert.False(Exists("docs/x.md", "../../outside.md"));
        Assert.Equal("a.md", Link().Match("see [it](a.md \"title\")").Groups["target"].Value);
    }

    /// <summary>The numbered steps of the life of a trap: each names the source file that does it.</summary>
    [Fact]
    public void Each_step_in_the_life_of_a_trap_links_the_file_that_does_it()
    {
        string text = Checkout.Read("docs/LIFE_OF_A_TRAP.md");
        string[] steps = [.. Step().Matches(text).Select(m => m.Value)];
        Assert.InRange(steps.Length, 10, 40);
        Assert.All(steps, step => Assert.Contains(Link().Matches(step), l => l.Groups["target"].Value.EndsWith(".cs", StringComparison.Ordinal)));
    }

    private static bool Exists(string document, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? document : Path.GetRelativePath(
            Checkout.Root, Path.Combine(Checkout.Root, Path.GetDirectoryName(document)!, parts[0])).Replace('\\', '/');
        bool there = File.Exists(Path.Combine(Checkout.Root, path)) || Directory.Exists(Path.Combine(Checkout.Root, path));
        if (!there || path.StartsWith("..", StringComparison.Ordinal) || parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal))
        {
            return there && !path.StartsWith("..", StringComparison.Ordinal);
        }

        return Checkout.Read(path).Split('\n').Where(l => l.StartsWith('#')).Select(Anchor).Contains(parts[1], StringComparer.Ordinal);
    }

    private static string Anchor(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.None, 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\d+\. .*?(?=^\d+\. |^#|\z)", RegexOptions.Singleline | RegexOptions.Multiline, 10_000)]
    private static partial Regex Step();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline, 10_000)]
    private static partial Regex Fences();
}
