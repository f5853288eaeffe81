namespace ActorTrace.Traces.Formats;

/// <summary>A format that a run can be replayed into: a row of <see cref="TraceFormats"/>.</summary>
/// <param name="name">What --to is given.</param>
/// <param name="extension">Of the result's name where none is given, with its dot; empty for a folder.</param>
/// <param name="description">One line: who reads it.</param>
public abstract class TraceFormat(string name, string extension, string description)
{
    /// <summary>What --to is given.</summary>
    public string Name { get; } = name;

    /// <summary>Of the result's name where none is given, with its dot; empty for a folder.</summary>
    public string Extension { get; } = extension;

    /// <summary>One line: who reads it.</summary>
    public string Description { get; } = description;

    /// <summary>Whether it can be written into a pipe.</summary>
    public virtual bool Streams => false;

    /// <summary>Whether it shows one view of a run; false where it shows all of the run at once, and CPUs have no numbers common to it.</summary>
    public virtual bool HasViews => true;

    /// <summary>Why this run cannot be written in the format; null where it can.</summary>
    /// <param name="replay">The run.</param>
    public virtual string? Refusal(Replay replay) => null;

    /// <summary>The compressions it can be written with, the default first; empty where there is no choice.</summary>
    public virtual IReadOnlyList<string> Compressions => [];

    /// <summary>The format with another compression.</summary>
    /// <param name="compression">One of <see cref="Compressions"/>.</param>
    /// <exception cref="NotSupportedException">The format has no such compression.</exception>
    public virtual TraceFormat Compressed(string compression) =>
        throw new NotSupportedException($"{Name} cannot be written with compression '{compression}'");

    /// <summary>Writes a run.</summary>
    /// <param name="replay">The run.</param>
    /// <param name="path">The result; complete or not there, an older one is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public abstract ExportResult ToFile(Replay replay, string path);

    /// <summary>Writes a run into a stream, of formats that have <see cref="Streams"/>.</summary>
    /// <param name="replay">The run.</param>
    /// <param name="output">Where to; it need not be able to seek.</param>
    /// <exception cref="NotSupportedException">The format needs a file.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public virtual ExportResult ToStream(Replay replay, Stream output) =>
        throw new NotSupportedException($"{Name} cannot be written into a stream");
}

/// <summary>A format that is written from its first byte to its last.</summary>
public abstract class StreamingFormat(string name, string extension, string description) : TraceFormat(name, extension, description)
{
    /// <inheritdoc/>
    public override bool Streams => true;

    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var file = new AtomicFile(path);
        ExportResult result = ToStream(replay, file.Stream);
        file.Commit();
        return result;
    }

    /// <inheritdoc/>
    public abstract override ExportResult ToStream(Replay replay, Stream output);
}
