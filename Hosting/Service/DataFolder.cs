using ActorTrace.Journal.Files;

namespace ActorTrace.Hosting.Service;

/// <summary>The folder that a service keeps its data in; one service at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream held, JournalWriter journal) => (_lock, Journal) = (held, journal);

    /// <summary>The journal of all runs.</summary>
    public JournalWriter Journal { get; }

    /// <summary>Takes a folder; it is created where it is not there.</summary>
    /// <param name="options">The settings that name it.</param>
    /// <exception cref="IOException">It cannot be used, or another service has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be used.</exception>
    /// <exception cref="JournalException">Its journal cannot be used.</exception>
    public static DataFolder Take(ServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataFolder);
        string path = Path.Combine(options.DataFolder, "service.lock");
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"'{options.DataFolder}' is used by another service", e);
        }

        try
        {
            return new DataFolder(held, JournalWriter.Open(options.JournalPath));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }
}
