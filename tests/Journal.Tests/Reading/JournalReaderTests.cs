using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Tests.Reading;

public sealed class JournalReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_streams_and_batches_come_back_as_they_were_written()
    {
        string path = _folder.File("a.atj");
        RunStored first;
        RunStored second;
        using (var written = new WrittenJournal(path))
        {
            first = written.WriteRun(3);
            second = written.WriteRun(5);
        }

        using JournalReader reader = JournalReader.Open(path);
        Assert.Equal([first.Run, second.Run], reader.RunIds());
        Assert.Equal((1, 2), (first.Run.Ordinal, second.Run.Ordinal));
        Assert.Equal(Convert.ToHexStringLower(WrittenJournal.InputsHash)[..8] + "-1", first.Run.ToString());
        Assert.Equal(second.Run, reader.Find(null));
        Assert.Equal(first.Run, reader.Find(first.Run.ToString()));

        RunInfo info = reader.Describe(second.Run);
        Assert.False(info.Unfinished);
        Assert.Equal(second.Hash, info.Hash);
        Assert.Equal([("control", 0L), ("core-0", 5L), ("inputs", 1L), ("lane-0", 5L)], info.Streams.Select(s => (s.Name, s.Batches)));
        AssertBatches(reader.Read(second.Run, "lane-0"), 5);
        AssertBatches(reader.Read(first.Run, "core-0"), 3);
        Assert.Empty(reader.Read(first.Run, "core-7"));
    }

    [Fact]
    public void A_run_without_its_end_is_read_up_to_there_and_says_so()
    {
        string path = _folder.File("a.atj");
        RunId run;
        using (var written = new WrittenJournal(path))
        {
            run = written.Begin(4).Run;
        }

        using JournalReader reader = JournalReader.Open(path);
        RunInfo info = reader.Describe(run);
        Assert.True(info.Unfinished);
        Assert.Equal([("core-0", 4L), ("inputs", 1L), ("lane-0", 4L)], info.Streams.Select(s => (s.Name, s.Batches)));
        AssertBatches(reader.Read(run, "core-0"), 4);
    }

    [Fact]
    public void Reading_a_closed_journal_leaves_no_trace_in_its_folder()
    {
        string path = _folder.File("with space % and ?.atj");
        RunStored stored;
        using (var written = new WrittenJournal(path))
        {
            stored = written.WriteRun(3);
        }

        Assert.Equal([Path.GetFileName(path)], _folder.Names());
        byte[] before = File.ReadAllBytes(path);
        using (JournalReader reader = JournalReader.Open(path))
        {
            AssertBatches(reader.Read(stored.Run, "core-0"), 3);
            Assert.Equal([Path.GetFileName(path)], _folder.Names());
        }

        Assert.Equal([Path.GetFileName(path)], _folder.Names());
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_journal_whose_writer_was_cut_off_has_every_acknowledged_batch()
    {
        string copy = _folder.File("copy.atj");
        RunId run;
        using (var written = new WrittenJournal(_folder.File("a.atj")))
        {
            run = written.Begin(6).Run;

            // What a killed process leaves: the file and its WAL, nothing closed.
            File.Copy(written.Writer.Path, copy);
            File.Copy(written.Writer.Path + "-wal", copy + "-wal");
        }

        byte[] wal = File.ReadAllBytes(copy + "-wal");
        Assert.NotEmpty(wal);
        using (JournalReader reader = JournalReader.Open(copy))
        {
            AssertBatches(reader.Read(run, "core-0"), 6);
            AssertBatches(reader.Read(run, "lane-0"), 6);
        }

        Assert.Equal(wal, File.ReadAllBytes(copy + "-wal"));
        using (var again = new WrittenJournal(copy))
        {
            Assert.Equal(2, again.WriteRun(1).Run.Ordinal);
        }

        using JournalReader repaired = JournalReader.Open(copy);
        AssertBatches(repaired.Read(run, "core-0"), 6);
    }

    [Fact]
    public void A_journal_is_read_while_it_is_written()
    {
        using var written = new WrittenJournal(_folder.File("a.atj"));
        RunId run = written.Begin(2).Run;
        using JournalReader reader = JournalReader.Open(written.Writer.Path);
        AssertBatches(reader.Read(run, "core-0"), 2);
        written.WriteRun(1);
        Assert.Equal(2, reader.RunIds().Count);
    }

    [Fact]
    public void A_changed_payload_is_reported_with_its_stream_and_batch()
    {
        (string path, RunId run) = Changed("UPDATE event_journal SET payload = CAST(substr(payload, 1, length(payload) - 40) || x'00' || substr(payload, length(payload) - 38) AS BLOB) WHERE sequence_nr = 2 AND persistence_id LIKE '%core-0'");
        using JournalReader reader = JournalReader.Open(path);
        var read = new List<TraceBatch>();
        JournalException e = Assert.Throws<JournalException>(() => read.AddRange(reader.Read(run, "core-0")));
        Assert.Equal(JournalProblem.Damaged, e.Problem);
        Assert.StartsWith($"{path}: run {run}, stream core-0, batch 2: ", e.Message, StringComparison.Ordinal);
        AssertBatches(reader.Read(run, "lane-0"), 3);
    }

    [Theory]
    [InlineData("payload = 'text'")]
    [InlineData("serializer_id = 'x'")]
    [InlineData("payload = x''")]
    [InlineData("manifest = x'FF00'")]
    [InlineData("serializer_id = NULL")]
    [InlineData("manifest = 'end-v1'")]
    [InlineData("sequence_nr = 'two'")]
    public void A_row_of_nonsense_is_reported_in_one_line(string change)
    {
        (string path, RunId run) = Changed($"UPDATE event_journal SET {change} WHERE sequence_nr = 2 AND persistence_id LIKE '%core-0'");
        using JournalReader reader = JournalReader.Open(path);
        JournalException e = Assert.Throws<JournalException>(() => reader.Read(run, "core-0").Count());
        Assert.StartsWith($"{path}: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_missing_batch_is_reported()
    {
        (string path, RunId run) = Changed("DELETE FROM event_journal WHERE sequence_nr = 2 AND persistence_id LIKE '%core-0'");
        using JournalReader reader = JournalReader.Open(path);
        JournalException e = Assert.Throws<JournalException>(() => reader.Read(run, "core-0").Count());
        Assert.Equal($"{path}: run {run}, stream core-0, batch 2: is missing", e.Message);
    }

    [Fact]
    public void Swapped_batches_are_reported()
    {
        (string path, RunId run) = Changed("""
            UPDATE event_journal SET sequence_nr = 100 WHERE sequence_nr = 1 AND persistence_id LIKE '%core-0';
            UPDATE event_journal SET sequence_nr = 1 WHERE sequence_nr = 2 AND persistence_id LIKE '%core-0';
            UPDATE event_journal SET sequence_nr = 2 WHERE sequence_nr = 100 AND persistence_id LIKE '%core-0';
            """);
        using JournalReader reader = JournalReader.Open(path);
        JournalException e = Assert.Throws<JournalException>(() => reader.Read(run, "core-0").Count());
        Assert.Equal($"{path}: run {run}, stream core-0, batch 1: says that it is batch 2", e.Message);
    }

    [Fact]
    public void Events_of_a_newer_version_are_named()
    {
        (string path, RunId run) = Changed("UPDATE event_journal SET manifest = 'batch-v9' WHERE sequence_nr = 2");
        using JournalReader reader = JournalReader.Open(path);
        JournalException e = Assert.Throws<JournalException>(() => reader.Read(run, "core-0").Count());
        Assert.Equal(JournalProblem.NewerSchema, e.Problem);
        Assert.Contains("stream core-0, batch 2: events \"batch-v9\" of serializer 7210 are not known", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_run_is_named()
    {
        (string path, RunId run) = Changed("SELECT 1");
        using JournalReader reader = JournalReader.Open(path);
        Assert.Equal($"{path}: there is no run 00000000-1; the last is {run}", Assert.Throws<JournalException>(() => reader.Find("00000000-1")).Message);
        Assert.Equal($"{path}: there is no run 00000000-1", Assert.Throws<JournalException>(() => reader.Describe(new RunId(0, 1))).Message);
    }

    private static void AssertBatches(IEnumerable<TraceBatch> batches, int count)
    {
        long number = 0;
        foreach (TraceBatch batch in batches)
        {
            Samples.AssertEqual(Samples.Batch(++number), batch);
        }

        Assert.Equal(count, number);
    }

    /// <summary>A journal of one run of 3 batches, changed by SQL behind our back.</summary>
    private (string Path, RunId Run) Changed(string sql)
    {
        string path = _folder.File("a.atj");
        RunId run;
        using (var written = new WrittenJournal(path))
        {
            run = written.WriteRun(3).Run;
        }

        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return (path, run);
    }
}
