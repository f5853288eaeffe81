namespace ActorTrace.Traces.Formats;

/// <summary>A file that appears under its name complete or not at all: written beside it and renamed at the end.</summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private bool _open = true;

    /// <summary>Opens PATH.partial for writing; a file of that name is overwritten.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        _partial = _path + ".partial";
        Stream = new FileStream(_partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
    }

    /// <summary>Where to write; seekable.</summary>
    public FileStream Stream { get; }

    /// <summary>Gives the file its name, in place of one that has it.</summary>
    public void Commit()
    {
        Stream.Dispose();
        File.Move(_partial, _path, overwrite: true);
        _open = false;
    }

    /// <summary>Deletes what was written unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_open)
        {
            _open = false;
            File.Delete(_partial);
        }
    }
}
