using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Tidy;

public partial class FileTests
{
    private const int MaxLines = 400;
    private const int MaxFunctionLines = 70;

    // A table of the hardware manual may be longer. File, reason.
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["Machine/Cpu/Execution/Engine.Run.cs"] = "one case an operation of the instruction set: a jump table to the JIT, slow in pieces",
    };

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        string[] tooLong =
        [
            .. Checkout.OfType(".cs").Where(f => !Tables.ContainsKey(f))
                .Select(f => (File: f, Lines: Checkout.Read(f).AsSpan().Count('\n'))).Where(f => f.Lines > MaxLines)
                .Select(f => $"{f.File}: {f.Lines} lines"),
        ];
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_function_is_longer_than_70_lines() =>
        Assert.Empty(Checkout.OfType(".cs").Where(f => !Tables.ContainsKey(f)).SelectMany(LongFunctions));

    [Fact]
    public void The_list_of_tables_names_files_that_are_long() =>
        Assert.All(Tables.Keys, file => Assert.Contains(file, Checkout.Files, StringComparer.Ordinal));

    [Fact]
    public void No_source_file_holds_unfinished_work()
    {
        foreach (string file in Checkout.OfType(".cs").Where(f => !f.StartsWith("tests/Tidy/", StringComparison.Ordinal)))
        {
            Match found = Unfinished().Match(Checkout.Read(file));
            Assert.False(found.Success, $"{file}: {found.Value}");
        }
    }

    [Fact]
    public void The_wall_clock_is_allowed_by_name_in_few_files()
    {
        string[] exempt = [.. Checkout.OfType(".cs").Where(f => Checkout.Read(f).Contains("disable RS0030", StringComparison.Ordinal) && !f.StartsWith("tests/", StringComparison.Ordinal))];
        Assert.Equal(["Hosting/Cli/WallClock.cs"], exempt);
    }

    /// <summary>Members are indented by four blanks, so a function is from its opening brace there to the closing one.</summary>
    private static IEnumerable<string> LongFunctions(string file)
    {
        string[] lines = Checkout.CodeLines(file);
        int open = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd();
            if (line is "    {")
            {
                open = i;
            }
            else if (line is "    }" && open >= 0)
            {
                // A nested type's body is no function.
                bool type = TypeHead().IsMatch(string.Join(' ', lines[Math.Max(0, open - 6)..open].Reverse().TakeWhile(l => l.Trim().Length > 0 && !l.TrimEnd().EndsWith(';') && l.Trim() is not "}")));
                if (!type && i - open > MaxFunctionLines)
                {
                    yield return $"{file}:{open}: {i - open} lines";
                }

                open = -1;
            }
        }
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b|NotImplementedException", RegexOptions.None, 10_000)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\b", RegexOptions.None, 10_000)]
    private static partial Regex TypeHead();
}
