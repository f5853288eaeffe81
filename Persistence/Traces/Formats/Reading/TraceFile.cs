using ActorTrace.Traces.Formats.FtraceText.Reading;
using ActorTrace.Traces.Formats.TraceDat.Reading;

namespace ActorTrace.Traces.Formats.Reading;

/// <summary>A trace file of Linux, of whatever format that this project reads (docs/formats/reading.md).</summary>
/// <remarks>Memory is bounded whatever the file says and however long it is.</remarks>
public abstract class TraceFile : IDisposable
{
    private const int SniffBytes = 4096;

    /// <summary>What was found: "trace.dat, version 6", "ftrace text" and so on.</summary>
    public abstract string Format { get; }

    /// <summary>Number of CPUs, above the highest that has an event. A text does not say it: it is read through once.</summary>
    /// <exception cref="TraceFileException">The file cannot be read.</exception>
    public abstract int Cpus { get; }

    /// <summary>While events are sent: where the last event stands in the file.</summary>
    public abstract TracePlace Place { get; }

    /// <summary>While events are sent: whether the last event was earlier than the one before, and was moved to its time.</summary>
    public abstract bool WasMoved { get; }

    /// <summary>Opens a file and finds out its format by its first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TraceFileException">It is no trace file, or is damaged where it describes itself.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static TraceFile Open(string path) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16));

    /// <summary>Opens a file that is already at hand.</summary>
    /// <param name="stream">Its bytes; it can seek, and is closed with the trace file, also where opening fails.</param>
    /// <exception cref="TraceFileException">It is no trace file, or is damaged where it describes itself.</exception>
    public static TraceFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (!stream.CanSeek)
            {
                throw new TraceFileException(null, "a pipe or device cannot be read, only a file");
            }

            byte[] first = new byte[SniffBytes];
            stream.Position = 0;
            int length = stream.ReadAtLeast(first, SniffBytes, throwOnEndOfStream: false);
            stream.Position = 0;
            ReadOnlySpan<byte> head = first.AsSpan(0, length);
            return TraceDatFile.Recognizes(head) ? new TraceDatFile(stream)
                : FtraceTextFile.Recognizes(head) ? new FtraceTextFile(stream)
                : throw new TraceFileException(TracePlace.Byte(0), "this is neither a trace.dat nor ftrace text");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Hands all events to a sink, in order of time. May be called again.</summary>
    /// <param name="sink">Takes the events; a loss of an unknown number has the count 0.</param>
    /// <param name="types">Gets the types that the <see cref="EventCatalogue"/> does not have.</param>
    /// <returns>What was counted.</returns>
    /// <exception cref="TraceFileException">The file is damaged; events in front of the damage were handed over.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public abstract TraceFileCounts Send(ITraceEventSink sink, EventTypes types);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the stream.</summary>
    protected abstract void Dispose(bool disposing);
}
