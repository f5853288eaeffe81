using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>Journal files as the command line sees them.</summary>
public interface IJournals
{
    /// <summary>Opens a journal for reading; it is not changed.</summary>
    /// <exception cref="Yaml.InputException">There is no such file.</exception>
    /// <exception cref="Journal.Files.JournalException">It is no journal of this program, or damaged.</exception>
    IOpenJournal Open(string path);
}

/// <summary>An open journal.</summary>
public interface IOpenJournal : IDisposable
{
    /// <summary>Ids of its runs, oldest first.</summary>
    IReadOnlyList<string> Runs { get; }

    /// <summary>The records of a run.</summary>
    ITraceSource Read(string runId);

    /// <summary>The streams of a run by name, without the run id, in ordinal order.</summary>
    IReadOnlyList<string> Streams(string runId);

    /// <summary>When a run was begun, Unix nanoseconds by the clock of the machine that ran it; no part of the run itself.</summary>
    ulong BegunAt(string runId);

    /// <summary>What is stored of a run, to continue it by.</summary>
    StoredRun Stored(string runId);

    /// <summary>The run hash, 64 hex digits; null for a run that was not written to its end.</summary>
    string? HashOf(string runId);
}

/// <summary>The work failed; the message is one line with place, what, and mend.</summary>
/// <param name="message">The line.</param>
public sealed class CliFailureException(string message) : Exception(message);
