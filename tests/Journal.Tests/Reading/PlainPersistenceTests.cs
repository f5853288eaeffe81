using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Tests.Reading;

/// <summary>The journal is an ordinary one of Akka.Persistence with the tables of Akka.Persistence.Sqlite.</summary>
public sealed class PlainPersistenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plain_persistent_actor_with_the_sqlite_mapping_recovers_the_same_payloads()
    {
        string path = _folder.File("a.atj");
        RunId run;
        using (var written = new WrittenJournal(path))
        {
            run = written.WriteRun(45).Run;
        }

        // Nothing of JournalSetup in here: only the serializer is ours. 45 batches are more than one replay batch.
        string connectionString = $"Data Source={path}";
        Config config = ConfigurationFactory.ParseString($$"""
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.journal.sql {
              connection-string = "{{connectionString}}"
              provider-name = "SQLite.MS"
              table-mapping = sqlite
              tag-write-mode = Csv
              auto-initialize = off
              replay-batch-size = 10
            }
            akka.actor.serializers.journal = "ActorTrace.Journal.Batches.JournalSerializer, ActorTrace.Journal"
            akka.actor.serialization-identifiers."ActorTrace.Journal.Batches.JournalSerializer, ActorTrace.Journal" = 7210
            """).WithFallback(SqlPersistence.DefaultConfiguration);
        using var system = ActorSystem.Create("plain", config);
        IActorRef plain = system.ActorOf(Props.Create(() => new PlainActor($"run-{run}-lane-0")));
        object[] events = await plain.Ask<object[]>("events", TimeSpan.FromSeconds(20));
        await system.Terminate();
        SqliteConnection.ClearAllPools();

        Assert.Equal(46, events.Length);
        for (int n = 1; n <= 45; n++)
        {
            Samples.AssertEqual(Samples.Batch(n), Assert.IsType<PackedBatch>(events[n - 1]).Unpack());
        }

        Assert.Equal(45, Assert.IsType<StreamEnd>(events[45]).Batches);
    }

    [Fact]
    public void The_tables_are_those_of_Akka_Persistence_Sqlite()
    {
        string path = _folder.File("a.atj");
        using (var written = new WrittenJournal(path))
        {
            written.WriteRun(1);
        }

        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Assert.Equal(
            ["is_deleted", "manifest", "ordering", "payload", "persistence_id", "sequence_nr", "serializer_id", "tags", "timestamp"],
            Column(connection, "SELECT name FROM pragma_table_info('event_journal') ORDER BY name"));

        // Without this index a second writer would not be noticed, and reading a stream would sort the whole journal.
        Assert.Equal(
            ["persistence_id", "sequence_nr"],
            Column(connection, "SELECT i.name FROM pragma_index_list('event_journal') AS l, pragma_index_info(l.name) AS i WHERE l.\"unique\" = 1 ORDER BY i.seqno"));
    }

    private static List<string> Column(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader rows = command.ExecuteReader();
        var values = new List<string>();
        while (rows.Read())
        {
            values.Add(rows.GetString(0));
        }

        return values;
    }

    private sealed class PlainActor : ReceivePersistentActor
    {
        private readonly List<object> _events = [];

        public PlainActor(string persistenceId)
        {
            PersistenceId = persistenceId;
            Recover<PackedBatch>(_events.Add);
            Recover<StreamEnd>(_events.Add);
            Command<string>(_ => Sender.Tell(_events.ToArray()));
        }

        public override string PersistenceId { get; }
    }
}
