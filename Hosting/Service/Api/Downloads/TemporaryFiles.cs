using System.Globalization;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>Files that a download needs: in a folder of the service's own, which is emptied at the start, deleted when they are closed.</summary>
internal sealed class TemporaryFiles
{
    private const string Name = "temporary";

    private readonly string _folder;
    private int _last;

    /// <summary>Takes the folder over.</summary>
    public TemporaryFiles(ServiceOptions options)
    {
        _folder = Path.GetFullPath(Path.Combine(options.DataFolder, Name));
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        Directory.CreateDirectory(_folder);
    }

    /// <summary>A place for a file or a folder, deleted with its content when it is disposed of.</summary>
    public Place New() => new(Path.Combine(_folder, Interlocked.Increment(ref _last).ToString("d8", CultureInfo.InvariantCulture)));

    /// <summary>A place.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly string _root;

        public Place(string root)
        {
            _root = root;
            Directory.CreateDirectory(root);
        }

        /// <summary>A path in it.</summary>
        public string Named(string name) => Path.Combine(_root, name);

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
