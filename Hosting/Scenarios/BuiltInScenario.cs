using System.Reflection;
using ActorTrace.Actors.Scenarios;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>A scenario that comes with the tool: it and the images it names are resources of the executable, by the last part of their path.</summary>
internal sealed class BuiltInScenario : IScenarioFiles
{
    private readonly DiskScenarioFiles _profiles = new(AppContext.BaseDirectory, null, AppContext.BaseDirectory);

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name, without .yaml.</param>
    public static Scenario Load(string name)
    {
        string file = name + ".yaml";
        var files = new BuiltInScenario();
        return ScenarioLoader.Load(file, Utf8.Decode(file, files.Read(file, int.MaxValue)), files);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path, int maxBytes)
    {
        string resource = Path.GetFileName(path);
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"'{resource}' is no resource of this executable.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadProfile(string path, int maxBytes) => _profiles.ReadProfile(path, maxBytes);
}
