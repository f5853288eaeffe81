namespace ActorTrace.Hosting.Scenarios;

/// <summary>Where the files that a scenario names come from: the disk, or the journal of an earlier run.</summary>
public interface IScenarioFiles
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">As the scenario names it.</param>
    /// <param name="maxBytes">More than this is refused.</param>
    /// <exception cref="ScenarioFileException">It cannot be read.</exception>
    ReadOnlyMemory<byte> Read(string path, int maxBytes);

    /// <summary>Reads a kernel profile by name.</summary>
    /// <param name="path">profiles/NAME.yaml.</param>
    /// <param name="maxBytes">More than this is refused.</param>
    /// <exception cref="ScenarioFileException">There is none of that name.</exception>
    ReadOnlyMemory<byte> ReadProfile(string path, int maxBytes);
}

/// <summary>A file of a scenario that cannot be read.</summary>
/// <param name="what">What is wrong, one line.</param>
/// <param name="mend">How to mend it.</param>
public sealed class ScenarioFileException(string what, string mend) : Exception(what)
{
    /// <summary>How to mend it.</summary>
    public string Mend { get; } = mend;
}
