namespace ActorTrace.Hosting.Telemetry.Live;

/// <summary>Remembers over the end of the process which runs are not yet exported: a file for each.</summary>
/// <param name="folder">The folder of the files.</param>
internal sealed class ExportMarks(string folder)
{
    /// <summary>Ids of the runs that are not exported to their end.</summary>
    public IReadOnlyList<string> Pending() => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    /// <summary>A run is to be exported.</summary>
    public void Set(string run)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, run), []);
    }

    /// <summary>A run is exported, or is not there any more.</summary>
    public void Clear(string run) => File.Delete(Path.Combine(folder, run));
}
