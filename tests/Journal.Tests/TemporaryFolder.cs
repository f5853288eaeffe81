namespace ActorTrace.Journal.Tests;

/// <summary>A folder of its own for each test, gone after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-tests-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public string[] Names() => [.. _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);
}
