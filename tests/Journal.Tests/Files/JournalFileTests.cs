using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Tests.Files;

public sealed class JournalFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checking_a_name_creates_nothing()
    {
        JournalFile.CheckWritable(_folder.File("new.atj"));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_journal_without_a_run_is_not_left_behind()
    {
        using (var written = new WrittenJournal(_folder.File("a.atj")))
        {
            Assert.Contains("a.atj", _folder.Names(), StringComparer.Ordinal);
        }

        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_run_is_copied_into_a_journal_of_its_own_while_others_are_written()
    {
        using var written = new WrittenJournal(_folder.File("a.atj"));
        RunStored first = written.WriteRun(3);
        RunStored second = written.WriteRun(2);
        (RunId unfinished, _) = written.Begin(1);
        JournalRuns.Copy(_folder.File("a.atj"), second.Run, _folder.File("copy.atj"));
        using (JournalReader copy = JournalReader.Open(_folder.File("copy.atj")))
        {
            Assert.Equal([second.Run], copy.RunIds());
            Assert.Equal(second.Hash, copy.Describe(second.Run).Hash);
            Assert.Equal([1L, 2L], copy.Read(second.Run, "lane-0").Select(b => b.Number));
        }

        using JournalReader all = JournalReader.Open(_folder.File("a.atj"));
        Assert.Equal([first.Run, second.Run, unfinished], all.RunIds());
    }

    [Fact]
    public void A_removed_run_is_gone_and_its_id_is_not_given_again()
    {
        using var written = new WrittenJournal(_folder.File("a.atj"));
        RunStored first = written.WriteRun(2);
        RunStored second = written.WriteRun(2);
        written.Writer.Delete(second.Run);
        using JournalReader reader = JournalReader.Open(_folder.File("a.atj"));
        Assert.Equal([first.Run], reader.RunIds());
        Assert.Equal(first.Hash, reader.Describe(first.Run).Hash);
        Assert.Equal(second.Run.Ordinal + 1, written.WriteRun(1).Run.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_open_for_writing_has_a_log_by_which_readers_know_it()
    {
        using var written = new WrittenJournal(_folder.File("a.atj"));
        Assert.Contains("a.atj-wal", _folder.Names(), StringComparer.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_one_line()
    {
        string path = _folder.File("none.atj");
        AssertUnusable(path, JournalProblem.NotFound, "no such file");
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_missing_folder_is_one_line()
    {
        string path = Path.Combine(_folder.File("none"), "a.atj");
        JournalException e = Assert.Throws<JournalException>(() => JournalFile.CheckWritable(path));
        Assert.Equal((JournalProblem.NoAccess, $"{path}: there is no directory {_folder.File("none")}"), (e.Problem, e.Message));
    }

    [Fact]
    public void A_text_file_is_not_a_journal_and_stays_as_it_is()
    {
        string path = _folder.File("a.txt");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("board: arndale\n", 200)));
        string before = File.ReadAllText(path);
        AssertUnusable(path, JournalProblem.NotSqlite, "is not a journal (not an SQLite database)");
        AssertNotWritable(path, JournalProblem.NotSqlite);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public void An_empty_file_is_not_a_journal_and_stays_empty()
    {
        string path = _folder.File("empty");
        File.WriteAllBytes(path, []);
        AssertUnusable(path, JournalProblem.NotSqlite, "is empty, not a journal");
        AssertNotWritable(path, JournalProblem.NotSqlite);
        Assert.Equal(0, new FileInfo(path).Length);
    }

    [Fact]
    public void A_folder_is_not_a_journal()
    {
        string path = _folder.File("folder");
        Directory.CreateDirectory(path);
        AssertUnusable(path, JournalProblem.NotFound, "is a directory, not a journal file");
        AssertNotWritable(path, JournalProblem.NotSqlite);
    }

    [Fact]
    public void The_database_of_another_program_is_left_alone()
    {
        string path = _folder.File("other.db");
        Sql(path, "CREATE TABLE event_journal(ordering INTEGER PRIMARY KEY, persistence_id TEXT, sequence_nr INTEGER)");
        byte[] before = File.ReadAllBytes(path);
        AssertUnusable(path, JournalProblem.ForeignDatabase, "is the journal or database of another program");
        AssertNotWritable(path, JournalProblem.ForeignDatabase);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_newer_schema_is_named()
    {
        string path = Written();
        Sql(path, "PRAGMA user_version = 7");
        AssertUnusable(path, JournalProblem.NewerSchema, "was written by a newer version (schema 7, this version knows 1)");
    }

    [Fact]
    public void A_file_that_was_cut_off_is_damaged()
    {
        string path = Written();
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        AssertUnusable(path, JournalProblem.Damaged, "is damaged or cut off: SQLite finds the database malformed");
    }

    [Fact]
    public void A_locked_journal_is_named_as_locked()
    {
        string path = Written();
        using var holder = new SqliteConnection($"Data Source={path};Pooling=False");
        holder.Open();
        using SqliteCommand command = holder.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        AssertNotWritable(path, JournalProblem.Locked);
    }

    [Fact]
    public async Task Two_writers_of_one_stream_do_not_mix()
    {
        using var first = new WrittenJournal(_folder.File("a.atj"));
        using var second = new WrittenJournal(_folder.File("a.atj"));
        RunId run = first.Begin(1).Run;

        // The second one's ordinal is the next; a stale id must fail loudly.
        IActorRef report = second.System.ActorOf(Props.Create(() => new Collector()));
        IActorRef stale = second.System.ActorOf(Props.Create(() => new Streams.Supervisor(RunJournalActor.Props(run), report)));
        stale.Tell(new StoreBatch("inputs", Samples.Batch(1)));
        JournalFailedException failed = await report.Ask<JournalFailedException>("what came", TimeSpan.FromSeconds(20));
        Assert.Equal($"journal stream run-{run}-inputs: it has 1 events already", failed.Message);
        Assert.Equal(run.Ordinal + 1, second.Writer.AllocateRun(WrittenJournal.InputsHash).Ordinal);
    }

    [Fact]
    public async Task What_the_database_refuses_ends_the_stream_with_its_cause()
    {
        using var written = new WrittenJournal(_folder.File("a.atj"));
        (RunId run, _) = written.Begin(1);
        IActorRef report = written.System.ActorOf(Props.Create(() => new Collector()));
        var stream = new StreamId(run, "lane-9");
        IActorRef journal = written.System.ActorOf(Props.Create(() => new Streams.Supervisor(TraceJournalActor.Props(stream), report)));
        await journal.Ask<BatchStored>(new StoreBatch("lane-9", Samples.Batch(1)), TimeSpan.FromSeconds(20));

        // Another writer takes the place of the next event.
        Sql(written.Writer.Path, $"""
            INSERT INTO event_journal(timestamp, is_deleted, persistence_id, sequence_nr, payload) VALUES (0, 0, '{stream}', 2, x'')
            """);
        journal.Tell(new StoreBatch("lane-9", Samples.Batch(2)));
        JournalFailedException failed = await report.Ask<JournalFailedException>("what came", TimeSpan.FromSeconds(20));
        Assert.StartsWith($"journal stream {stream}: event 2 is not stored: SQLite Error 19", failed.Message, StringComparison.Ordinal);
        Assert.IsType<SqliteException>(failed.GetBaseException());
    }

    private static void AssertUnusable(string path, JournalProblem problem, string reason)
    {
        JournalException e = Assert.Throws<JournalException>(() =>
        {
            using JournalReader reader = JournalReader.Open(path);
            foreach (RunId run in reader.RunIds())
            {
                foreach (StreamInfo stream in reader.Describe(run).Streams)
                {
                    _ = reader.Read(run, stream.Name).Count();
                }
            }
        });
        Assert.Equal((problem, $"{path}: {reason}"), (e.Problem, e.Message));
    }

    private static void AssertNotWritable(string path, JournalProblem problem)
    {
        Assert.Equal(problem, Assert.Throws<JournalException>(() => JournalFile.CheckWritable(path)).Problem);
        Assert.Equal(problem, Assert.Throws<JournalException>(() => JournalWriter.Open(path)).Problem);
    }

    private static void Sql(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string Written()
    {
        string path = _folder.File("a.atj");
        using var written = new WrittenJournal(path);
        written.WriteRun(20);
        return path;
    }

    /// <summary>Answers a question with the failure that came, before or after it.</summary>
    private sealed class Collector : ReceiveActor, IWithUnboundedStash
    {
        public Collector()
        {
            Receive<JournalFailedException>(failed =>
            {
                Stash.UnstashAll();
                Become(() => Receive<string>(_ => Sender.Tell(failed)));
            });
            Receive<string>(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }
}
