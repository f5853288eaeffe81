namespace ActorTrace.Machine.Profiles;

/// <summary>A kernel profile that does not fit: to the language of its expressions, or to the image it is bound to.
/// The message is one line.</summary>
public sealed class ProfileException : Exception
{
    /// <summary>Makes the message.</summary>
    /// <param name="problem">What is wrong and what to do.</param>
    /// <param name="column">Column in the expression, from 1; 0 where there is none.</param>
    /// <param name="field">Key of the profile, e.g. task.name; null where it is not known.</param>
    public ProfileException(string problem, int column, string? field = null)
        : base((field is null ? "" : field + ": ") + (column > 0 ? $"column {column}: " : "") + problem)
    {
        Problem = problem;
        Column = column;
        Field = field;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }

    /// <summary>Column in the expression, from 1; 0 where there is none.</summary>
    public int Column { get; }

    /// <summary>Key of the profile, e.g. task.name; null where it is not known.</summary>
    public string? Field { get; }

    /// <summary>The name that the image does not have; null where something else is wrong.</summary>
    public string? MissingName { get; init; }

    /// <summary>The names that the image has in the missing one's place: what may have been meant.</summary>
    public IEnumerable<string> Candidates { get; init; } = [];

    /// <summary>The same mistake with the key of the profile.</summary>
    public ProfileException At(string field) =>
        new(Problem, Column, field) { MissingName = MissingName, Candidates = Candidates };
}
