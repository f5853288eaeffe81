using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Alignment;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Actors.Importing;

/// <summary>Turns a trace file into a run of a journal, so that whatever reads runs reads it.</summary>
/// <remarks>
/// One guest with a vCPU for each CPU; times stay as they are. The file is read twice: a damaged one is refused before anything
/// is written.
/// </remarks>
public sealed class TraceImport : IDisposable
{
    /// <summary>How the end of an imported run is told.</summary>
    public const string EndReason = "imported";

    private readonly TraceFile file;
    private readonly RunManifest manifest;

    /// <summary>Reads the file through.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TraceFileException">It is no trace file, is damaged, or has more CPUs than a journal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public TraceImport(string path)
    {
        file = TraceFile.Open(path);
        try
        {
            manifest = RunWriter.Manifest(Path.GetFileNameWithoutExtension(path), Path.GetFileName(path), [FileLog.OfCpus(file.Cpus)]);
            Counts = file.Send(Nothing.Instance, new EventTypes());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What the file is.</summary>
    public string Format => file.Format;

    /// <summary>Number of CPUs.</summary>
    public int Cpus => file.Cpus;

    /// <summary>What was counted in it.</summary>
    public TraceFileCounts Counts { get; }

    /// <summary>Writes the run.</summary>
    /// <param name="writer">The journal, open for writing.</param>
    /// <param name="stop">Ends the import; the run is then left unfinished.</param>
    /// <exception cref="JournalFailedException">It cannot be stored.</exception>
    /// <exception cref="TraceFileException">The file was changed since it was read first.</exception>
    public Task<ImportedRun> WriteAsync(JournalWriter writer, CancellationToken stop) =>
        RunWriter.WriteAsync(writer, manifest, EndReason, records => file.Send(records, new EventTypes()).Last, stop);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private sealed class Nothing : ITraceEventSink
    {
        public static readonly Nothing Instance = new();

        public void Write(in TraceEvent next)
        {
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}
