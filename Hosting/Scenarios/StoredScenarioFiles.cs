using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>The files of a scenario as a journal keeps them: a run is repeated from its journal alone.</summary>
/// <param name="files">The manifest's files.</param>
public sealed class StoredScenarioFiles(IReadOnlyList<InputFile> files) : IScenarioFiles
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path, int maxBytes)
    {
        foreach (InputFile file in files)
        {
            if (string.Equals(file.Path, path, StringComparison.Ordinal))
            {
                return file.Content;
            }
        }

        throw new ScenarioFileException($"the journal does not hold '{path}'", "the run was stored by another version");
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadProfile(string path, int maxBytes) => Read(path, maxBytes);
}
