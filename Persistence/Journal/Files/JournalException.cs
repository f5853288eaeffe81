namespace ActorTrace.Journal.Files;

/// <summary>Why a journal cannot be used.</summary>
public enum JournalProblem
{
    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>It is not an SQLite database.</summary>
    NotSqlite,

    /// <summary>It is an SQLite database of another program.</summary>
    ForeignDatabase,

    /// <summary>A newer version wrote it.</summary>
    NewerSchema,

    /// <summary>Another program holds it locked.</summary>
    Locked,

    /// <summary>It cannot be read or written here: rights, a missing directory, a full disk.</summary>
    NoAccess,

    /// <summary>Its content is not what was written.</summary>
    Damaged,

    /// <summary>It has no such run or stream.</summary>
    NoSuchRun,
}

/// <summary>A journal that cannot be used; the message is one line with the file and the place in it.</summary>
/// <param name="problem">What kind it is.</param>
/// <param name="path">The journal's path as the user named it.</param>
/// <param name="reason">The rest of the message, one line.</param>
/// <param name="cause">What the database said.</param>
public sealed class JournalException(JournalProblem problem, string path, string reason, Exception? cause = null)
    : Exception($"{path}: {reason}", cause)
{
    /// <summary>What kind of problem it is.</summary>
    public JournalProblem Problem { get; } = problem;

    /// <summary>The journal's path as the user named it.</summary>
    public string Path { get; } = path;
}
