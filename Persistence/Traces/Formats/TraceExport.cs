using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats.FtraceText;
using ActorTrace.Traces.Formats.TraceDat;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats;

/// <summary>What an export wrote.</summary>
/// <param name="Events">Events.</param>
/// <param name="Lost">Events that the simulated buffers lost, as marked in the file.</param>
public readonly record struct ExportResult(long Events, ulong Lost);

/// <summary>Replays a recorded run into a file of a Linux trace format, in one streaming pass.</summary>
public static class TraceExport
{
    /// <summary>Writes a trace.dat of version 6.</summary>
    /// <param name="source">The run.</param>
    /// <param name="view">What stands for a CPU.</param>
    /// <param name="path">The result; complete or not there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static ExportResult ToTraceDat(ITraceSource source, TraceView view, string path)
    {
        using var writer = new TraceDatWriter(path, TraceMerger.CpuCount(source.Manifest, view), TraceId(source.Manifest));
        var counter = new CountingSink(writer);
        VirtualInstant end = Send(source, view, counter);
        writer.Complete(source.Manifest.Clock.ToNanoseconds(end));
        return counter.Result;
    }

    /// <summary>Writes ftrace text into a file.</summary>
    /// <param name="source">The run.</param>
    /// <param name="view">What stands for a CPU.</param>
    /// <param name="path">The result; complete or not there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static ExportResult ToFtraceText(ITraceSource source, TraceView view, string path)
    {
        using var file = new AtomicFile(path);
        ExportResult result = ToFtraceText(source, view, file.Stream);
        file.Commit();
        return result;
    }

    /// <summary>Writes ftrace text into a stream; one that cannot seek (a pipe) costs a pass more, to count the events.</summary>
    /// <param name="source">The run.</param>
    /// <param name="view">What stands for a CPU.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static ExportResult ToFtraceText(ITraceSource source, TraceView view, Stream output)
    {
        long? entries = null;
        if (!output.CanSeek)
        {
            var counting = new CountingSink(null);
            _ = Send(source, view, counting);
            entries = counting.Result.Events;
        }

        var writer = new FtraceTextWriter(output, TraceMerger.CpuCount(source.Manifest, view), entries);
        var counter = new CountingSink(writer);
        _ = Send(source, view, counter);
        writer.Complete();
        return counter.Result;
    }

    /// <summary>Hands all events of a view to a sink.</summary>
    /// <returns>The instant of the last record; zero where there is none.</returns>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public static VirtualInstant Send(ITraceSource source, TraceView view, ITraceEventSink sink)
    {
        var mapper = new EventMapper(source, view, sink);
        VirtualInstant end = VirtualInstant.Zero;
        foreach (MergedRecord record in TraceMerger.Merge(source, view))
        {
            mapper.Map(record);
            end = record.At;
        }

        return end;
    }

    /// <summary>The same run has the same identity: the first bytes of its manifest's hash.</summary>
    private static ulong TraceId(RunManifest manifest) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(RunManifestCodec.Encode(manifest)));

    private sealed class CountingSink(ITraceEventSink? next) : ITraceEventSink
    {
        public ExportResult Result { get; private set; }

        public void Write(in TraceEvent written)
        {
            Result = Result with { Events = Result.Events + 1 };
            next?.Write(written);
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
            Result = Result with { Lost = Result.Lost + count };
            next?.Lost(cpu, nanoseconds, count);
        }
    }
}
