using System.Data.Common;
using System.Globalization;
using ActorTrace.Journal.Batches;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Files;

/// <summary>How an actor system comes to write its persistent events into a journal file.</summary>
public static class JournalSetup
{
    /// <summary>Rows that a recovering actor reads at once: a row is a whole batch.</summary>
    private const int ReplayBatchSize = 20;

    // WAL stays in the file, synchronous belongs to the connection. NORMAL survives a killed process; a power failure may cost
    // the last commits, never the file.
    private const string ConnectionPragmas = "PRAGMA synchronous=NORMAL;";

    /// <summary>The setup of an actor system whose default journal is the file, which must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Settings of the host, which win.</param>
    /// <exception cref="InvalidOperationException">The database provider is not set up as the journal plugin needs it.</exception>
    public static ActorSystemSetup For(string path, Config? overrides = null)
    {
        string connectionString = ConnectionString(path);
        DataOptions options = new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, connectionString)
            .UseAfterConnectionOpened(Prepare, PrepareAsync);

        // Without a provider name the plugin fails on each write and retries for ever; nobody but a time-out would tell.
        if (options.ConnectionOptions.ProviderName is not ProviderName.SQLiteMS)
        {
            throw new InvalidOperationException($"the journal's database provider is '{options.ConnectionOptions.ProviderName}'");
        }

        Config config = Hocon(connectionString)
            .WithFallback(SqlPersistence.DefaultConfiguration);
        return ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(overrides is null ? config : overrides.WithFallback(config)),
            new DataOptionsSetup(options));
    }

    /// <summary>The connection string that all of an actor system's connections to a journal have.</summary>
    internal static string ConnectionString(string path) =>
        JournalFile.ConnectionString(Path.GetFullPath(path), SqliteOpenMode.ReadWrite, pooling: true);

    private static Config Hocon(string connectionString)
    {
        string quoted = connectionString.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        string serializer = $"{typeof(JournalSerializer).FullName}, ActorTrace.Journal";

        // parallelism 1: SQLite has one writer, a second one would only wait for its lock.
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.snapshot-store.plugin = "akka.persistence.no-snapshot-store"
            akka.persistence.journal.sql {
              connection-string = "{{quoted}}"
              provider-name = "{{ProviderName.SQLiteMS}}"
              table-mapping = sqlite
              tag-write-mode = Csv
              auto-initialize = on
              prefer-parameters-on-multirow-insert = true
              replay-batch-size = {{ReplayBatchSize}}
              parallelism = 1
            }
            akka.actor.serializers.actortrace-journal = "{{serializer}}"
            akka.actor.serialization-bindings {
              "{{typeof(PackedBatch).FullName}}, ActorTrace.Journal" = actortrace-journal
              "{{typeof(StreamEnd).FullName}}, ActorTrace.Journal" = actortrace-journal
            }
            akka.actor.serialization-identifiers {
              "{{serializer}}" = {{JournalSerializer.Id}}
            }
            """));
    }

    private static void Prepare(DbConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = ConnectionPragmas;
        command.ExecuteNonQuery();
    }

    private static async Task PrepareAsync(DbConnection connection, CancellationToken cancellation)
    {
        DbCommand command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = ConnectionPragmas;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
