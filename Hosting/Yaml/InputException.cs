namespace ActorTrace.Hosting.Yaml;

/// <summary>Something that the user gave cannot be used: where, what is wrong, and how to mend it, each one line.</summary>
/// <param name="place">File, file:line:column, or option.</param>
/// <param name="what">What is wrong.</param>
/// <param name="mend">How to mend it; empty where <paramref name="what"/> says it already.</param>
public sealed class InputException(string place, string what, string mend) : Exception(mend.Length == 0 ? $"{place}: {what}" : $"{place}: {what} ({mend})")
{
    /// <summary>File, file:line:column, or option.</summary>
    public string Place { get; } = place;

    /// <summary>What is wrong.</summary>
    public string What { get; } = what;

    /// <summary>How to mend it.</summary>
    public string Mend { get; } = mend;
}
