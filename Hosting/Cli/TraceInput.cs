using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Timelines;

namespace ActorTrace.Hosting.Cli;

/// <summary>What a command reads: a run of a journal, or a trace file.</summary>
/// <param name="Context">Opens journals.</param>
/// <param name="Path">The file.</param>
/// <param name="Run">Which run of a journal; null for the last.</param>
internal sealed record TraceInput(CliContext Context, string Path, string? Run)
{
    private static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <summary>Reads it once.</summary>
    /// <param name="ofRun">Reads a recorded run.</param>
    /// <param name="ofFile">Reads a trace file of this name.</param>
    /// <exception cref="InputException">The input is not there, or has no such run.</exception>
    /// <exception cref="CliFailureException">It is damaged.</exception>
    public T Read<T>(Func<ITraceSource, T> ofRun, Func<string, TraceFile, T> ofFile)
    {
        try
        {
            return IsTraceFile() ? OfFile(ofFile) : OfRun(ofRun);
        }
        catch (TimelineTooLongException e)
        {
            throw new InputException(Path, $"{e.Message} to draw", "choose a part with --from and --until");
        }
    }

    /// <summary>The timeline of a part of it.</summary>
    /// <param name="window">Which part, by the clock of the run; of a file there is none.</param>
    public Timeline ReadTimeline(Func<ClockRates?, TimelineWindow> window) => Read(
        source => TimelineReader.OfRun(source, window(source.Manifest.Clock)),
        (name, file) => TimelineReader.OfFile(name, file, window(null)));

    /// <summary>Refuses to replace the input by the result.</summary>
    public void RefuseAsTarget(string option, string target)
    {
        if (string.Equals(System.IO.Path.GetFullPath(target), System.IO.Path.GetFullPath(Path), StringComparison.Ordinal))
        {
            throw new InputException(option, "the result would replace the input", "name another file");
        }
    }

    private T OfRun<T>(Func<ITraceSource, T> read)
    {
        using IOpenJournal journal = Context.Journals.Open(Path);
        ITraceSource source = journal.Read(JournalArguments.Choose(journal, Path, Run));
        try
        {
            return read(source);
        }
        catch (InvalidDataException e)
        {
            throw new CliFailureException($"{Path}: {e.Message} (the journal is damaged: repeat the run)");
        }
    }

    private T OfFile<T>(Func<string, TraceFile, T> read)
    {
        if (Run is not null)
        {
            throw new InputException("--run", $"{Path} is a trace file and has no runs", "leave it out");
        }

        try
        {
            using TraceFile file = TraceFile.Open(Path);
            return read(System.IO.Path.GetFileName(Path), file);
        }
        catch (TraceFileException e)
        {
            string place = e.Place is { } at ? $", {at}" : "";
            throw new CliFailureException($"{Path}{place}: {e.Message} (name a journal of 'actortrace run', a trace.dat or ftrace text)");
        }
    }

    /// <summary>Whatever is there and no SQLite file; what is not there is for the journal's own words.</summary>
    private bool IsTraceFile()
    {
        if (!File.Exists(Path))
        {
            return false;
        }

        using FileStream file = File.OpenRead(Path);
        byte[] first = new byte[SqliteMagic.Length];
        int length = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return length > 0 && !first.AsSpan(0, length).SequenceEqual(SqliteMagic);
    }
}
