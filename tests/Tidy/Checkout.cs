using System.Text.RegularExpressions;

namespace ActorTrace.Tidy;

/// <summary>The files of the checkout, without what builds make.</summary>
internal static partial class Checkout
{
    private static readonly string[] Skipped = ["bin", "obj", ".git", "TestResults", "BenchmarkDotNet.Artifacts", "publish"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root with '/', in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(new DirectoryInfo(Root)).Order(StringComparer.Ordinal)];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static IEnumerable<string> OfType(string extension) => Files.Where(f => f.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>The source without comments and the content of strings, line by line.</summary>
    public static string[] CodeLines(string file) => Noise().Replace(Read(file), m => new string('\n', m.Value.Count(c => c == '\n'))).Split('\n');

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            yield return Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
        }

        foreach (string file in folder.EnumerateDirectories().Where(d => !Skipped.Contains(d.Name, StringComparer.Ordinal)).SelectMany(Walk))
        {
            yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorTrace.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not run inside a checkout");
        }

        return folder.FullName;
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3}.*?"{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", RegexOptions.Singleline, 10_000)]
    private static partial Regex Noise();
}
