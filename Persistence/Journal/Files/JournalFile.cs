using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Files;

/// <summary>The file of a journal: an SQLite database in WAL mode that its application id tells from others.</summary>
/// <remarks>
/// The file is only ever opened through SQLite: closing a plain file handle would drop the locks that SQLite holds on it in
/// this process.
/// </remarks>
public static class JournalFile
{
    /// <summary>SQLite's application_id of our journals: 'ATJ1'.</summary>
    public const int ApplicationId = 0x41544A31;

    /// <summary>SQLite's user_version: the version of tables and events that this program writes.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Seconds for which a lock of another program is waited out.</summary>
    internal const int LockWaitSeconds = 2;

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    /// <summary>Checks that a journal could be written at a path; creates and changes nothing.</summary>
    /// <exception cref="JournalException">It could not.</exception>
    public static void CheckWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            using SqliteConnection connection = OpenChecked(path, SqliteOpenMode.ReadWrite);
            try
            {
                connection.BeginTransaction(deferred: false).Dispose();
            }
            catch (SqliteException e)
            {
                throw Explain(path, e);
            }

            return;
        }

        if (Directory.Exists(path))
        {
            throw new JournalException(JournalProblem.NotSqlite, path, "is a directory, not a journal file");
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory))
        {
            throw new JournalException(JournalProblem.NoAccess, path, $"there is no directory {directory}");
        }
    }

    /// <summary>Creates an empty journal. It appears under its name only when it is complete.</summary>
    /// <exception cref="JournalException">It cannot be created; nothing is left.</exception>
    internal static void Create(string path)
    {
        string building = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");
        try
        {
            using (var connection = new SqliteConnection(ConnectionString(building, SqliteOpenMode.ReadWriteCreate, pooling: false)))
            {
                connection.Open();
                Execute(
                    connection,
                    string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={SchemaVersion}; PRAGMA journal_mode=WAL;"));
            }

            File.Move(building, path, overwrite: false);
        }
        catch (SqliteException e)
        {
            throw Explain(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalProblem.NoAccess, path, $"cannot be created: {e.Message}", e);
        }
        finally
        {
            File.Delete(building);
        }
    }

    /// <summary>Opens an existing journal and checks that it is one of ours.</summary>
    /// <exception cref="JournalException">It is not.</exception>
    internal static SqliteConnection OpenChecked(string path, SqliteOpenMode mode)
    {
        if (!File.Exists(path))
        {
            throw new JournalException(JournalProblem.NotFound, path, Directory.Exists(path) ? "is a directory, not a journal file" : "no such file");
        }

        var connection = new SqliteConnection(ConnectionString(Source(path, mode), mode, pooling: false));
        try
        {
            connection.Open();
            Identify(path, connection);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(path, e);
        }
        catch (JournalException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The connection string of a file or file URI.</summary>
    internal static string ConnectionString(string source, SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = LockWaitSeconds,
    }.ToString();

    /// <summary>What an error of SQLite means for the user.</summary>
    internal static JournalException Explain(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        SqliteBusy or SqliteLocked => new JournalException(JournalProblem.Locked, path, "is locked by another program", e),
        SqliteNotADatabase => new JournalException(JournalProblem.NotSqlite, path, "is not a journal (not an SQLite database)", e),
        SqliteCorrupt => new JournalException(JournalProblem.Damaged, path, "is damaged or cut off: SQLite finds the database malformed", e),
        _ => new JournalException(JournalProblem.NoAccess, path, $"cannot be used: {e.Message.ReplaceLineEndings(" ")}", e),
    };

    /// <summary>The first column of the first row of a query.</summary>
    internal static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this project, never text of a user
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string sql) => _ = Scalar(connection, sql);

    private static void Identify(string path, SqliteConnection connection)
    {
        long id = (long)Scalar(connection, "PRAGMA application_id")!;
        if (id != ApplicationId)
        {
            // SQLite takes an empty file for an empty database.
            throw new FileInfo(path).Length == 0
                ? new JournalException(JournalProblem.NotSqlite, path, "is empty, not a journal")
                : new JournalException(JournalProblem.ForeignDatabase, path, "is the journal or database of another program");
        }

        long version = (long)Scalar(connection, "PRAGMA user_version")!;
        if (version > SchemaVersion)
        {
            throw new JournalException(
                JournalProblem.NewerSchema, path, $"was written by a newer version (schema {version}, this version knows {SchemaVersion})");
        }
    }

    /// <summary>
    /// A closed journal (no WAL beside it) is read as immutable, else SQLite would put a WAL index beside it. With a WAL (a
    /// writer is at work, or was killed) it is read as usual, which sees the WAL's content and leaves it there.
    /// </summary>
    private static string Source(string path, SqliteOpenMode mode)
    {
        if (mode != SqliteOpenMode.ReadOnly || File.Exists(path + "-wal"))
        {
            return Path.GetFullPath(path);
        }

        IEnumerable<string> segments = Path.GetFullPath(path).Replace('\\', '/').Split('/').Select(Uri.EscapeDataString);
        return $"file:{string.Join('/', segments)}?immutable=1";
    }
}
