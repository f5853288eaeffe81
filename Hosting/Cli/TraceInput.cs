using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Timelines;

namespace ActorTrace.Hosting.Cli;

/// <summary>What commands that look into a trace are given: a run of a journal, or a trace file of Linux.</summary>
internal sealed class TraceInput : IDisposable
{
    private readonly string _path;
    private readonly IOpenJournal? _journal;
    private readonly ITraceSource? _run;
    private readonly TraceFile? _file;

    private TraceInput(string path, IOpenJournal journal, ITraceSource run) => (_path, _journal, _run) = (path, journal, run);

    private TraceInput(string path, TraceFile file) => (_path, _file) = (path, file);

    private static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <summary>Opens a file for what it is.</summary>
    /// <param name="context">Reads journals.</param>
    /// <param name="path">The file.</param>
    /// <param name="run">Which run of a journal; null for the last.</param>
    /// <exception cref="InputException">There is no such file or run, or a trace file is asked for a run.</exception>
    /// <exception cref="CliFailureException">It is neither a journal nor a trace file.</exception>
    public static TraceInput Open(CliContext context, string path, string? run)
    {
        if (!IsTraceFile(path))
        {
            return OpenJournal(context, path, run);
        }

        if (run is not null)
        {
            throw new InputException("--run", $"{path} is a trace file and has no runs", "leave it out");
        }

        try
        {
            return new TraceInput(path, TraceFile.Open(path));
        }
        catch (TraceFileException e)
        {
            throw Failure(path, e);
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="ofRun">Reads a run.</param>
    /// <param name="ofFile">Reads a trace file, given its name without folder.</param>
    /// <exception cref="CliFailureException">It is damaged.</exception>
    public T Read<T>(Func<ITraceSource, T> ofRun, Func<string, TraceFile, T> ofFile)
    {
        try
        {
            return _run is not null ? ofRun(_run) : ofFile(Path.GetFileName(_path), _file!);
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{_path}: {e.Message} (the journal is damaged: repeat the run)");
        }
        catch (TraceFileException e)
        {
            throw Failure(_path, e);
        }
    }

    /// <summary>Reads the timeline of a part of it.</summary>
    /// <param name="request">Which part.</param>
    /// <exception cref="InputException">The part holds more events than can be drawn.</exception>
    /// <exception cref="CliFailureException">The input is damaged.</exception>
    public Timeline ReadTimeline(ReportRequest request)
    {
        try
        {
            return Read(
                source => TimelineReader.OfRun(source, request.Window(source.Manifest.Clock)),
                (name, file) => TimelineReader.OfFile(name, file, request.Window(clock: null)));
        }
        catch (TimelineTooLongException e)
        {
            throw new InputException(_path, $"{e.Message} to draw", "choose a part with --from and --until");
        }
    }

    /// <summary>Refuses to replace it by a result.</summary>
    /// <exception cref="InputException">The result has its name.</exception>
    public void RefuseAsTarget(string option, string target)
    {
        if (string.Equals(Path.GetFullPath(target), Path.GetFullPath(_path), StringComparison.Ordinal))
        {
            throw new InputException(option, "the result would replace the input", "name another file");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal?.Dispose();
        _file?.Dispose();
    }

    private static TraceInput OpenJournal(CliContext context, string path, string? run)
    {
        IOpenJournal journal = context.Journals.Open(path);
        try
        {
            return new TraceInput(path, journal, journal.Read(JournalArguments.Choose(journal, path, run)));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static CliFailureException Failure(string path, TraceFileException e)
    {
        string place = e.Place is { } at ? $", {at}" : "";
        return new CliFailureException($"{path}{place}: {e.Message} (name a journal of 'actortrace run', a trace.dat or ftrace text)");
    }

    /// <summary>Whatever is there and no SQLite file; what is not there is for the journal's own words.</summary>
    private static bool IsTraceFile(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = File.OpenRead(path);
        byte[] first = new byte[SqliteMagic.Length];
        int length = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return length > 0 && !first.AsSpan(0, length).SequenceEqual(SqliteMagic);
    }
}
