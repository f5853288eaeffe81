namespace ActorTrace.Hosting.Cli;

/// <summary>What the commands work with.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="Engine">Simulates.</param>
/// <param name="Journals">Reads journals.</param>
/// <param name="Stop">Cancelled by Ctrl-C.</param>
public sealed record CliContext(TextWriter Out, TextWriter Error, IEngine Engine, IJournals Journals, CancellationToken Stop)
{
    /// <summary>True where progress may be drawn: the error output is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Opens the process's own standard output for bytes.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;
}
