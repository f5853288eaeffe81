using ActorTrace.Actors.Scenarios;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads a scenario's files and keeps each for the journal.</summary>
/// <param name="inner">Where they come from.</param>
internal sealed class RecordedFiles(IScenarioFiles inner)
{
    /// <summary>The longest profile.</summary>
    public const int MaxProfileBytes = 1 << 20;

    /// <summary>The longest ELF file.</summary>
    public const int MaxImageBytes = 64 << 20;

    /// <summary>The longest capture.</summary>
    public const int MaxCaptureBytes = 256 << 20;

    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);

    /// <summary>What was read, in ordinal order of path.</summary>
    public IReadOnlyList<SourceFile> Files => [.. _files.Select(f => new SourceFile(f.Key, f.Value))];

    /// <summary>A file; read once however often it is named.</summary>
    public ReadOnlyMemory<byte> Read(string path, int maxBytes) => Keep(path, () => inner.Read(path, maxBytes));

    /// <summary>A kernel profile.</summary>
    public ReadOnlyMemory<byte> ReadProfile(string path) => Keep(path, () => inner.ReadProfile(path, MaxProfileBytes));

    private ReadOnlyMemory<byte> Keep(string path, Func<ReadOnlyMemory<byte>> read)
    {
        if (!_files.TryGetValue(path, out ReadOnlyMemory<byte> content))
        {
            content = read();
            _files.Add(path, content);
        }

        return content;
    }
}
