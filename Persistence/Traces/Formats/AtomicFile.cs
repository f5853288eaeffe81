namespace ActorTrace.Traces.Formats;

/// <summary>A file that appears under its name complete or not at all: written beside it and renamed at the end.</summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private bool _open = true;

    /// <summary>Opens PATH.partial for writing; a file of that name is overwritten.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written, or holds devices: a file would take a device's place.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Path.GetDirectoryName(_path) is "/dev" or "/dev/fd")
        {
            throw new IOException($"'{_path}' is no place for a file; '-' stands for standard output");
        }

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
        if (_open)
        {
            _open = false;
            Abandon(Stream);
            File.Delete(_partial);
        }
    }

    /// <summary>Closes a stream whose content is not wanted: what is still in its buffer need not find room on the disk.</summary>
    internal static void Abandon(Stream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception full) when (full is IOException or ArgumentOutOfRangeException)
        {
            // The disk is full, or the file as long as it may be (FileStream says so by an argument out of range); it is closed all the same.
        }
    }
}
