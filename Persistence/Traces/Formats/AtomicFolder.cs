namespace ActorTrace.Traces.Formats;

/// <summary>A folder that appears under its name complete or not at all: filled beside it and renamed at the end.</summary>
internal sealed class AtomicFolder : IDisposable
{
    private readonly string _path;
    private readonly string _mark;
    private bool _open = true;

    /// <summary>Makes PATH.partial, empty.</summary>
    /// <param name="path">The result. Where it is there already, it must be one of ours or empty: anything else is not replaced.</param>
    /// <param name="mark">A file inside, relative, by which a result of ours is known.</param>
    /// <exception cref="IOException">The folder above does not exist or cannot be written, or something else stands at the path.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above cannot be written.</exception>
    public AtomicFolder(string path, string mark)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _mark = mark;
        RefuseOthers();
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
        {
            throw new DirectoryNotFoundException($"Could not find a part of the path '{_path}'.");
        }

        Root = _path + ".partial";
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }

        Directory.CreateDirectory(Root);
    }

    /// <summary>Where to write.</summary>
    public string Root { get; }

    /// <summary>Gives the folder its name, in place of an older one.</summary>
    public void Commit()
    {
        RefuseOthers();
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }

        Directory.Move(Root, _path);
        _open = false;
    }

    /// <summary>Deletes what was written unless it was committed.</summary>
    public void Dispose()
    {
        if (_open)
        {
            _open = false;
            Directory.Delete(Root, recursive: true);
        }
    }

    private void RefuseOthers()
    {
        bool other = File.Exists(_path)
            || (Directory.Exists(_path) && !File.Exists(Path.Combine(_path, _mark)) && Directory.EnumerateFileSystemEntries(_path).Any());
        if (other)
        {
            throw new IOException($"'{_path}' is there and is no trace folder");
        }
    }
}
