using System.Buffers.Binary;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace ActorTrace.Journal.Files;

/// <summary>
/// A journal that runs are written into. Open it when the first run is ready to start (<see cref="JournalFile.CheckWritable"/>
/// serves until then), create an actor system with <see cref="Setup"/>, write each run through <see cref="RunJournalActor"/>,
/// terminate the system, then dispose this.
/// </summary>
public sealed class JournalWriter : IDisposable
{
    private readonly SortedDictionary<uint, int> _allocated = [];
    private readonly bool _created;

    // While it is open there is a WAL, by which a reader knows that the file may change under it.
    private readonly SqliteConnection _open;
    private bool _disposed;

    private JournalWriter(string path, bool created)
    {
        Path = path;
        _created = created;
        _open = JournalFile.OpenChecked(path, SqliteOpenMode.ReadWrite);
    }

    /// <summary>The journal's path as the user named it.</summary>
    public string Path { get; }

    /// <summary>Opens a journal, or creates it where there is none.</summary>
    /// <exception cref="JournalException">It cannot be written; nothing was created.</exception>
    public static JournalWriter Open(string path)
    {
        JournalFile.CheckWritable(path);
        bool create = !File.Exists(path);
        if (create)
        {
            JournalFile.Create(path);
        }

        return new JournalWriter(path, create);
    }

    /// <summary>The setup of the actor system that writes (<see cref="JournalSetup.For"/>).</summary>
    /// <param name="overrides">Settings of the host, which win.</param>
    public ActorSystemSetup Setup(Config? overrides = null) => JournalSetup.For(Path, overrides);

    /// <summary>A run id that neither the journal nor this writer has used.</summary>
    /// <param name="inputsSha256">SHA-256 over the run's inputs stream, 32 bytes.</param>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    public RunId AllocateRun(ReadOnlySpan<byte> inputsSha256)
    {
        uint inputs = BinaryPrimitives.ReadUInt32BigEndian(inputsSha256);
        int last = _allocated.GetValueOrDefault(inputs);
        using (JournalReader reader = JournalReader.Open(Path))
        {
            foreach (RunId run in reader.RunIds().Where(r => r.Inputs == inputs))
            {
                last = Math.Max(last, run.Ordinal);
            }
        }

        _allocated[inputs] = last + 1;
        return new RunId(inputs, last + 1);
    }

    /// <summary>Removes all that is stored of a run. It must not be written any more; its id is not given again by this writer.</summary>
    /// <exception cref="JournalException">The journal is damaged or locked.</exception>
    public void Delete(RunId run)
    {
        _allocated[run.Inputs] = Math.Max(_allocated.GetValueOrDefault(run.Inputs), run.Ordinal);
        JournalRuns.Delete(Path, run);
    }

    /// <summary>
    /// Closes the journal: moves the WAL's content into the file. A journal that was created here and got no event is deleted.
    /// The actor system must have ended.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _open.Dispose();
        using (var pooled = new SqliteConnection(JournalSetup.ConnectionString(Path)))
        {
            SqliteConnection.ClearPool(pooled);
        }

        if (_created && IsEmpty())
        {
            File.Delete(Path);
        }
    }

    private bool IsEmpty()
    {
        try
        {
            using JournalReader reader = JournalReader.Open(Path);
            return reader.IsEmpty;
        }
        catch (JournalException)
        {
            // Not readable is not empty: somebody may want to look at it.
            return false;
        }
    }
}
