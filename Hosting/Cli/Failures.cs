using ActorTrace.Hosting.Yaml;
using ActorTrace.Journal.Files;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Hosting.Cli;

/// <summary>Turns what can go wrong into one line and an exit code.</summary>
internal static class Failures
{
    /// <summary>The line, without the program's name, and the exit code.</summary>
    public static (string Line, int Code) Describe(Exception failure, bool interrupted)
    {
        (string line, int code) = failure switch
        {
            InputException => (failure.Message, ExitCodes.Usage),
            CliFailureException => (failure.Message, ExitCodes.Failure),
            JournalException journal => ($"{journal.Message} ({Mend(journal.Problem)})", ExitCodes.Failure),
            JournalFormatException => ($"journal: {failure.Message} (the journal is damaged: repeat the run)", ExitCodes.Failure),
            OperationCanceledException when interrupted => ("interrupted: nothing was finished (run it again)", ExitCodes.Interrupted),
            IOException or UnauthorizedAccessException =>
                ($"files: {failure.Message} (check the path, its rights and the free space)", ExitCodes.Failure),
            _ => ($"internal error: {failure.GetType().Name}: {failure.Message} (please report it with the command line)", ExitCodes.Failure),
        };
        return (line.ReplaceLineEndings(" "), code);
    }

    private static string Mend(JournalProblem problem) => problem switch
    {
        JournalProblem.NotFound => "make a journal with 'actortrace run'",
        JournalProblem.NotSqlite or JournalProblem.ForeignDatabase => "name a journal of 'actortrace run', or another file",
        JournalProblem.NewerSchema => "use a newer actortrace",
        JournalProblem.Locked => "wait until the other program has ended",
        JournalProblem.NoAccess => "check the path, its rights and the free space",
        JournalProblem.NoSuchRun => "'actortrace list' shows the runs",
        _ => "the journal is damaged: repeat the run",
    };
}
