using ActorTrace.Journal.Streams;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Files;

/// <summary>What is done with whole runs of a journal file.</summary>
public static class JournalRuns
{
    private const string RowsOfRun = "WHERE persistence_id > $from AND persistence_id < $to";

    /// <summary>Copies a run into a journal file of its own.</summary>
    /// <param name="source">The journal.</param>
    /// <param name="run">The run.</param>
    /// <param name="target">A file that is not there yet; it appears only when it is complete.</param>
    /// <exception cref="JournalException">One of the files cannot be used.</exception>
    public static void Copy(string source, RunId run, string target)
    {
        string building = target + ".part";
        try
        {
            JournalFile.Create(building);
            using (SqliteConnection connection = JournalFile.OpenChecked(building, SqliteOpenMode.ReadWrite))
            {
                Execute(connection, "ATTACH DATABASE $source AS source", ("$source", Path.GetFullPath(source)));
                foreach (string table in Tables(connection))
                {
                    Execute(connection, table);
                }

                Execute(connection, $"INSERT INTO main.event_journal SELECT * FROM source.event_journal {RowsOfRun}", Range(run));
                Execute(connection, "DETACH DATABASE source");
            }

            File.Move(building, target);
        }
        catch (SqliteException e)
        {
            throw JournalFile.Explain(target, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalProblem.NoAccess, target, $"cannot be created: {e.Message}", e);
        }
        finally
        {
            File.Delete(building);
        }
    }

    /// <summary>Removes all that is stored of a run.</summary>
    internal static void Delete(string path, RunId run)
    {
        try
        {
            using SqliteConnection connection = JournalFile.OpenChecked(path, SqliteOpenMode.ReadWrite);
            Execute(connection, $"DELETE FROM event_journal {RowsOfRun}", Range(run));
        }
        catch (SqliteException e)
        {
            throw JournalFile.Explain(path, e);
        }
    }

    /// <summary>The statements that made the journal's tables and indexes.</summary>
    private static List<string> Tables(SqliteConnection connection)
    {
        var statements = new List<string>();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM source.sqlite_master WHERE tbl_name = 'event_journal' AND sql IS NOT NULL ORDER BY type DESC";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            statements.Add(rows.GetString(0));
        }

        return statements;
    }

    private static (string Name, object Value)[] Range(RunId run) => [("$from", $"run-{run}-"), ("$to", $"run-{run}.")];

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this project, or the statements that made the tables; values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
