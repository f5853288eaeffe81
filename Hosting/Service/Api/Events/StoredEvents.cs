using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>Events of a run as far as it is stored, by their numbers: read on a thread of its own that waits for its reader.</summary>
internal static class StoredEvents
{
    private const int ChunksAhead = 4;

    /// <summary>Reads a part.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="id">The run.</param>
    /// <param name="view">The view.</param>
    /// <param name="from">Number of the first event.</param>
    /// <param name="until">Number of the first event that is too many.</param>
    /// <param name="stop">Ends the reading.</param>
    public static async IAsyncEnumerable<EventChunk> ReadAsync(
        IRuns runs, string id, TraceView view, ulong from, ulong until, [EnumeratorCancellation] CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var chunks = Channel.CreateBounded<EventChunk>(ChunksAhead);
        var sink = new Part(chunks.Writer, from, until, ended.Token);
        Task reading = Task.Factory.StartNew(() => Send(runs, id, view, sink), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (EventChunk chunk in chunks.Reader.ReadAllAsync(stop))
            {
                yield return chunk;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading;
        }
    }

    private static void Send(IRuns runs, string id, TraceView view, Part sink)
    {
        try
        {
            using IOpenRun run = runs.Open(id);
            _ = new Replay(new UntilDone(run, sink), view).Send(sink);
            sink.Complete(null);
        }
        catch (OperationCanceledException)
        {
            sink.Complete(null);
        }
        catch (Exception e) when (e is InvalidDataException or RunProblemException or IOException)
        {
            sink.Complete(e);
        }
    }

    private sealed class Part(ChannelWriter<EventChunk> chunks, ulong from, ulong until, CancellationToken stop) : ITraceEventSink
    {
        private readonly EventEncoder _encoder = new(from);
        private ulong _number;

        public bool IsDone => _number >= until || stop.IsCancellationRequested;

        public void Write(in TraceEvent next)
        {
            if (IsWanted())
            {
                _encoder.Add(next);
                Pass(EventEncoder.MostEvents);
            }
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
            if (IsWanted())
            {
                _encoder.AddLost(cpu, nanoseconds, count);
                Pass(EventEncoder.MostEvents);
            }
        }

        public void Complete(Exception? failure)
        {
            if (failure is null && !stop.IsCancellationRequested)
            {
                Pass(1);
            }

            chunks.TryComplete(failure);
        }

        private bool IsWanted()
        {
            ulong number = _number++;
            return number >= from && number < until;
        }

        private void Pass(int atLeast)
        {
            if (_encoder.Waiting >= atLeast)
            {
                chunks.WriteAsync(_encoder.Take(), stop).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Ends the streams when no more of the events is wanted.</summary>
    private sealed class UntilDone(ITraceSource source, Part part) : ITraceSource
    {
        public RunManifest Manifest => source.Manifest;

        public IEnumerable<TraceRecord> ReadStream(string streamName) => source.ReadStream(streamName).TakeWhile(_ => !part.IsDone);
    }
}
