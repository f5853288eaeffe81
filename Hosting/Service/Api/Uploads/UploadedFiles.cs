using ActorTrace.Hosting.Scenarios;

namespace ActorTrace.Hosting.Service.Api.Uploads;

/// <summary>
/// The files of an uploaded scenario: those that came with it, found by the last component of the path that the scenario names, and
/// the profiles of the tool by name. Nothing else of the host can be named.
/// </summary>
/// <param name="files">What came with it, by name.</param>
/// <param name="toolFolder">Folder of the executable, which brings profiles of its own.</param>
internal sealed class UploadedFiles(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string toolFolder) : IScenarioFiles
{
    private readonly DiskScenarioFiles _tool = new(toolFolder, capturesFolder: null, toolFolder);

    /// <summary>The last component of a path of any system; empty where it has none.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path, int maxBytes)
    {
        if (path.StartsWith('$'))
        {
            throw new ScenarioFileException($"'{path}' is a path of another machine", "name a file that is uploaded with the scenario");
        }

        return Find(NameOf(path), maxBytes)
            ?? throw new ScenarioFileException($"there is no file '{NameOf(path)}' in the upload", "send it as a part 'file' with this name");
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadProfile(string path, int maxBytes) => Find(NameOf(path), maxBytes) ?? _tool.ReadProfile(path, maxBytes);

    private ReadOnlyMemory<byte>? Find(string name, int maxBytes)
    {
        if (!files.TryGetValue(name, out ReadOnlyMemory<byte> content))
        {
            return null;
        }

        return content.Length <= maxBytes ? content : throw new ScenarioFileException($"'{name}' is longer than {maxBytes >> 20} MiB", "send a smaller file");
    }
}
