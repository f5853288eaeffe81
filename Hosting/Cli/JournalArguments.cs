using System.CommandLine;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Cli;

/// <summary>The argument and options that the commands on a journal share.</summary>
internal static class JournalArguments
{
    private const int MaxThreads = 64;

    /// <summary>The journal file.</summary>
    public static Argument<string> Journal() => new("JOURNAL") { Description = "Journal file, e.g. arndale.atj." };

    /// <summary>Which run of it.</summary>
    public static Option<string?> Run() => new("--run")
    {
        Description = "Run id, or its beginning; default: the last run. 'actortrace list' shows them.",
        HelpName = "ID",
    };

    /// <summary>How many worker threads.</summary>
    public static Option<int?> Threads() => new("--threads")
    {
        Description = "Worker threads; no influence on any result. Default: the processors of this machine.",
        HelpName = "N",
    };

    /// <summary>The number of threads that is meant.</summary>
    /// <exception cref="InputException">It is no possible number.</exception>
    public static int CheckThreads(int? threads) => threads switch
    {
        null => Environment.ProcessorCount,
        >= 1 and <= MaxThreads => threads.Value,
        _ => throw new InputException("--threads", $"{threads} is no number of threads", $"1 to {MaxThreads}"),
    };

    /// <summary>JSON instead of text.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>The run that is meant.</summary>
    /// <exception cref="InputException">There is none, or several.</exception>
    public static string Choose(IOpenJournal journal, string path, string? wanted)
    {
        if (journal.Runs.Count == 0)
        {
            throw new CliFailureException($"{path}: the journal holds no run (make one with 'actortrace run')");
        }

        if (wanted is null)
        {
            return journal.Runs[^1];
        }

        string[] found = [.. journal.Runs.Where(r => r.StartsWith(wanted, StringComparison.Ordinal))];
        string? exact = found.FirstOrDefault(r => string.Equals(r, wanted, StringComparison.Ordinal));
        return exact ?? found switch
        {
            [string only] => only,
            [] => throw new InputException("--run", $"{path} holds no run '{wanted}'", Suggestion.For(wanted, journal.Runs)),
            _ => throw new InputException("--run", $"'{wanted}' is the beginning of {found.Length} runs", "write more of it: " + string.Join(", ", found.Take(4))),
        };
    }
}
