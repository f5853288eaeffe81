using System.Globalization;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Binary;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Reading;

/// <summary>
/// Reads a journal without an actor system and without changing it: one row, which is one batch, in memory at a time. A journal
/// that is being written may be read; each query sees what was stored when it began.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private const ulong NanosecondsOfATick = 100;

    private readonly SqliteConnection _connection;

    private JournalReader(string path, SqliteConnection connection)
    {
        Path = path;
        _connection = connection;
    }

    /// <summary>The journal's path as the user named it.</summary>
    public string Path { get; }

    /// <summary>True where no event is stored.</summary>
    /// <exception cref="JournalException">The journal is damaged or locked.</exception>
    public bool IsEmpty => Guarded(() => !HasTable() || JournalFile.Scalar(_connection, "SELECT 1 FROM event_journal LIMIT 1") is null);

    /// <summary>Opens a journal.</summary>
    /// <exception cref="JournalException">It is not there, not a journal, of a newer version, locked or damaged.</exception>
    public static JournalReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new JournalReader(path, JournalFile.OpenChecked(path, SqliteOpenMode.ReadOnly));
    }

    /// <summary>The runs in the order in which they were begun: those that have an inputs stream.</summary>
    /// <exception cref="JournalException">The journal is damaged or locked.</exception>
    public IReadOnlyList<RunId> RunIds() => Guarded(() =>
    {
        var runs = new List<RunId>();
        if (HasTable())
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "SELECT persistence_id FROM event_journal WHERE sequence_nr = 1 AND persistence_id LIKE 'run-%-inputs' ORDER BY ordering";
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (StreamId.TryParse(rows.GetString(0), out StreamId? stream) && IsInputs(stream))
                {
                    runs.Add(stream.Run);
                }
            }
        }

        return runs;
    });

    /// <summary>A run by its id.</summary>
    /// <param name="id">As <see cref="RunId.ToString"/> writes it, or null for the run that was begun last.</param>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged or locked.</exception>
    public RunId Find(string? id)
    {
        IReadOnlyList<RunId> runs = RunIds();
        if (runs.Count == 0)
        {
            throw new JournalException(JournalProblem.NoSuchRun, Path, "the journal has no run");
        }

        if (id is null)
        {
            return runs[^1];
        }

        if (RunId.TryParse(id, out RunId wanted) && runs.Contains(wanted))
        {
            return wanted;
        }

        throw new JournalException(JournalProblem.NoSuchRun, Path, $"there is no run {id}; the last is {runs[^1]}");
    }

    /// <summary>What is stored of a run.</summary>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged or locked.</exception>
    public RunInfo Describe(RunId run) => Guarded(() =>
    {
        List<StreamInfo> streams = HasTable() ? Streams(run) : [];
        if (streams.Count == 0)
        {
            throw new JournalException(JournalProblem.NoSuchRun, Path, $"there is no run {run}");
        }

        bool finished = streams.Exists(s => string.Equals(s.Name, StreamNames.Control, StringComparison.Ordinal))
            && streams.TrueForAll(s => !s.Unfinished);
        return new RunInfo(run, streams, finished ? RunHash.Combine(streams.Select(s => (s.Name, s.End!.Sha256.ToArray()))) : null);
    });

    /// <summary>When a run was begun, Unix nanoseconds by the clock of the machine that ran it.</summary>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged or locked.</exception>
    public ulong BegunAt(RunId run) => Guarded(() =>
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT timestamp FROM event_journal WHERE persistence_id = $id AND sequence_nr = 1";
        command.Parameters.AddWithValue("$id", new StreamId(run, StreamNames.Inputs).PersistenceId);

        // Akka.Persistence stores the ticks of DateTime.UtcNow.
        long ticks = command.ExecuteScalar() is long stored ? stored - DateTime.UnixEpoch.Ticks : -1;
        return ticks >= 0 ? (ulong)ticks * NanosecondsOfATick : throw new JournalException(JournalProblem.NoSuchRun, Path, $"there is no run {run}");
    });

    /// <summary>The batches of a stream in order, checksums verified; none where the run has no such stream.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">The stream's name.</param>
    /// <param name="from">Number of the first batch wanted.</param>
    /// <exception cref="JournalException">While enumerating: a batch is missing or damaged (named), or the journal is.</exception>
    public IEnumerable<TraceBatch> Read(RunId run, string stream, long from = 1)
    {
        var id = new StreamId(run, stream);
        using SqliteCommand? command = Guarded(() => HasTable() ? EventsOf(id, from) : null);
        if (command is null)
        {
            yield break;
        }

        using SqliteDataReader rows = Guarded(command.ExecuteReader);
        long next = from;
        while (Guarded(rows.Read))
        {
            long number = rows.GetInt64(0);
            if (number != next)
            {
                throw Damaged(id, next, "is missing");
            }

            if (IsEnd(rows))
            {
                CheckEnd(id, next - 1, End(id, Guarded(() => (byte[])rows.GetValue(3))));
                yield break;
            }

            yield return Unpack(id, number, rows);
            next++;
        }
    }

    /// <summary>How many records each batch of a stream holds, by their headers; nothing is unpacked.</summary>
    /// <exception cref="JournalException">A header is damaged, or the journal is damaged or locked.</exception>
    public IReadOnlyList<int> RecordCounts(RunId run, string stream) => Guarded(() =>
    {
        var counts = new List<int>();
        if (HasTable())
        {
            var id = new StreamId(run, stream);
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = $"SELECT substr(payload, 1, {PackedBatch.CountEnd}) FROM event_journal WHERE persistence_id = $id AND manifest = $batch ORDER BY sequence_nr";
            command.Parameters.AddWithValue("$id", id.PersistenceId);
            command.Parameters.AddWithValue("$batch", JournalSerializer.BatchManifest);
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                counts.Add(PackedBatch.CountOf((byte[])rows.GetValue(0)) ?? throw Damaged(id, counts.Count + 1, "has no header"));
            }
        }

        return counts;
    });

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static bool IsInputs(StreamId stream) => string.Equals(stream.Name, StreamNames.Inputs, StringComparison.Ordinal);

    private static bool IsEnd(SqliteDataReader row) => row.GetValue(2) is JournalSerializer.EndManifest;

    private bool HasTable() =>
        JournalFile.Scalar(_connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'event_journal'") is not null;

    private SqliteCommand EventsOf(StreamId id, long from)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence_nr, serializer_id, manifest, payload FROM event_journal WHERE persistence_id = $id AND sequence_nr >= $from ORDER BY sequence_nr";
        command.Parameters.AddWithValue("$id", id.PersistenceId);
        command.Parameters.AddWithValue("$from", from);
        return command;
    }

    private List<StreamInfo> Streams(RunId run)
    {
        var streams = new List<StreamInfo>();
        using SqliteCommand command = _connection.CreateCommand();

        // The inner query is answered from the unique index alone; only the last row of each stream is looked at.
        command.CommandText = """
            SELECT last.persistence_id, last.number, event.manifest,
                   CASE WHEN event.manifest = $end THEN event.payload END
            FROM (SELECT persistence_id, MAX(sequence_nr) AS number FROM event_journal
                  WHERE persistence_id > $from AND persistence_id < $to GROUP BY persistence_id) AS last
            JOIN event_journal AS event ON event.persistence_id = last.persistence_id AND event.sequence_nr = last.number
            """;
        command.Parameters.AddWithValue("$end", JournalSerializer.EndManifest);
        command.Parameters.AddWithValue("$from", $"run-{run}-");
        command.Parameters.AddWithValue("$to", $"run-{run}.");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (StreamId.TryParse(rows.GetString(0), out StreamId? id))
            {
                long events = rows.GetInt64(1);
                StreamEnd? end = IsEnd(rows) ? End(id, (byte[])rows.GetValue(3)) : null;
                streams.Add(new StreamInfo(id.Name, end is null ? events : events - 1, end));
            }
        }

        streams.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return streams;
    }

    private TraceBatch Unpack(StreamId id, long number, SqliteDataReader row)
    {
        if (row.GetValue(1) is not (long)JournalSerializer.Id || row.GetValue(2) is not JournalSerializer.BatchManifest)
        {
            throw new JournalException(
                JournalProblem.NewerSchema,
                Path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"run {id.Run}, stream {id.Name}, batch {number}: events \"{row.GetValue(2)}\" of serializer {row.GetValue(1)} are not known to this version"));
        }

        if (Guarded(() => row.GetValue(3)) is not byte[] payload)
        {
            throw Damaged(id, number, "has no payload");
        }

        try
        {
            TraceBatch batch = PackedBatch.FromBytes(payload).Unpack();
            return batch.Number == number ? batch : throw Damaged(id, number, $"says that it is batch {batch.Number}");
        }
        catch (JournalFormatException e)
        {
            throw Damaged(id, number, e.Message, e);
        }
    }

    private StreamEnd End(StreamId id, byte[] bytes)
    {
        try
        {
            return StreamEnd.FromBytes(bytes);
        }
        catch (JournalFormatException e)
        {
            throw new JournalException(JournalProblem.Damaged, Path, $"run {id.Run}, stream {id.Name}, end mark: {e.Message}", e);
        }
    }

    private void CheckEnd(StreamId id, long batches, StreamEnd end)
    {
        if (end.Batches != batches)
        {
            throw Damaged(id, batches, $"is followed by the end mark of a stream of {end.Batches}");
        }
    }

    private JournalException Damaged(StreamId id, long number, string reason, Exception? cause = null) => new(
        JournalProblem.Damaged, Path, string.Create(CultureInfo.InvariantCulture, $"run {id.Run}, stream {id.Name}, batch {number}: {reason}"), cause);

    private T Guarded<T>(Func<T> query)
    {
        try
        {
            return query();
        }
        catch (SqliteException e)
        {
            throw JournalFile.Explain(Path, e);
        }
        catch (InvalidCastException e)
        {
            // SQLite's columns hold values of any type.
            throw new JournalException(JournalProblem.Damaged, Path, "is damaged: a column has a value of another type", e);
        }
    }
}
