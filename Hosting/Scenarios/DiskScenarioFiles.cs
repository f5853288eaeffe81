using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>The files of a scenario on disk; paths are relative to the scenario's folder.</summary>
/// <param name="folder">The scenario's folder.</param>
/// <param name="capturesFolder">Value of ACTORTRACE_CAPTURES, null where it is not set.</param>
/// <param name="toolFolder">Folder of the executable, which brings profiles of its own.</param>
public sealed class DiskScenarioFiles(string folder, string? capturesFolder, string toolFolder) : IScenarioFiles
{
    private const string CapturesVariable = "$ACTORTRACE_CAPTURES/";
    private const int ChunkBytes = 1 << 20;

    /// <summary>The files beside a scenario file, with the environment of this process.</summary>
    public static DiskScenarioFiles Beside(string scenarioFile) => new(
        Path.GetDirectoryName(Path.GetFullPath(scenarioFile)) ?? ".",
        Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES"),
        AppContext.BaseDirectory);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path, int maxBytes)
    {
        string resolved = path;
        if (path.StartsWith(CapturesVariable, StringComparison.Ordinal))
        {
            if (string.IsNullOrEmpty(capturesFolder))
            {
                throw new ScenarioFileException(
                    $"'{path}' needs the environment variable ACTORTRACE_CAPTURES, which is not set",
                    "set it to the folder with the captures");
            }

            resolved = Path.Combine(capturesFolder, path[CapturesVariable.Length..]);
        }
        else if (path.StartsWith('$'))
        {
            throw new ScenarioFileException($"'{path}' begins with an unknown variable", "only $ACTORTRACE_CAPTURES/ is expanded");
        }

        return ReadBounded(Path.Combine(folder, resolved), path, maxBytes);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadProfile(string path, int maxBytes)
    {
        foreach (string place in new[] { folder, toolFolder })
        {
            string file = Path.Combine(place, path);
            if (File.Exists(file))
            {
                return ReadBounded(file, path, maxBytes);
            }
        }

        string name = Path.GetFileNameWithoutExtension(path);
        throw new ScenarioFileException($"there is no profile '{name}'", Suggestion.For(name, ProfileNames()));
    }

    /// <summary>Reads a file up to a bound, whatever it is: a device may never end.</summary>
    /// <exception cref="ScenarioFileException">It cannot be read.</exception>
    public static ReadOnlyMemory<byte> ReadBounded(string file, string shownAs, int maxBytes)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var content = new MemoryStream();
            byte[] chunk = new byte[ChunkBytes];
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                content.Write(chunk, 0, read);
                if (content.Length > maxBytes)
                {
                    throw new ScenarioFileException($"'{shownAs}' is longer than {maxBytes >> 20} MiB", "name a smaller file");
                }
            }

            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ScenarioFileException($"'{shownAs}' does not exist", "paths are relative to the scenario file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScenarioFileException($"'{shownAs}' cannot be read", "it must be a readable file");
        }
    }

    private string[] ProfileNames() =>
    [
        .. new[] { folder, toolFolder }
            .Select(f => Path.Combine(f, "profiles")).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.yaml"))
            .Select(f => Path.GetFileNameWithoutExtension(f)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];
}
