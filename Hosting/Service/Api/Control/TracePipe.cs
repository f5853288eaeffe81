using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.FtraceText;

namespace ActorTrace.Hosting.Service.Api.Control;

/// <summary>Writes events as text and passes on what there is a few times a second, though a buffer is not full.</summary>
internal sealed class TracePipe : ITraceEventSink, IDisposable
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(125);

    private readonly Lock _lock = new();
    private readonly FtraceTextWriter _writer;
    private readonly Timer _timer;
    private bool _waiting;
    private bool _closed;

    /// <summary>Begins.</summary>
    /// <param name="writer">Makes the text.</param>
    public TracePipe(FtraceTextWriter writer)
    {
        _writer = writer;
        _timer = new Timer(_ => Tick(), null, FlushEvery, FlushEvery);
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        lock (_lock)
        {
            _writer.Write(next);
            _waiting = true;
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        lock (_lock)
        {
            _writer.Lost(cpu, nanoseconds, count);
            _waiting = true;
        }
    }

    /// <summary>Passes the rest on.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _closed = true;
            _writer.Complete();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
        }

        _timer.Dispose();
    }

    /// <summary>While the reader is behind, the thread that writes holds the lock and passes on by itself.</summary>
    private void Tick()
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (_waiting && !_closed)
            {
                _waiting = false;
                _writer.Complete();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has left; the thread that writes notices it by itself.
            _closed = true;
        }
        finally
        {
            _lock.Exit();
        }
    }
}
