namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>What a reader finds at its place in the ring.</summary>
/// <param name="Chunk">Holds the event at its place; null where there is none.</param>
/// <param name="Oldest">Number of the oldest event that is kept.</param>
/// <param name="OldestNs">A time that it is not later than.</param>
/// <param name="Head">Number of the event that comes next.</param>
/// <param name="Ended">Whether nothing more comes.</param>
/// <param name="Changed">Done when this is not the present state any more.</param>
internal readonly record struct RingView(EventChunk? Chunk, ulong Oldest, ulong OldestNs, ulong Head, bool Ended, Task Changed);

/// <summary>The latest chunks of a feed. One writer, any number of readers: each has its place only, and none is waited for.</summary>
/// <param name="mostBytes">What the chunks may hold together.</param>
internal sealed class EventRing(long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly List<EventChunk> _chunks = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _bytes;
    private bool _ended;

    /// <summary>Adds a chunk; the oldest ones make room.</summary>
    public void Publish(EventChunk chunk)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _chunks.Add(chunk);
            _bytes += chunk.Size;
            int leaving = 0;
            while (_bytes > mostBytes && leaving < _chunks.Count - 1)
            {
                _bytes -= _chunks[leaving++].Size;
            }

            _chunks.RemoveRange(0, leaving);
            changed = Renew();
        }

        changed.TrySetResult();
    }

    /// <summary>Says that nothing more comes.</summary>
    public void End()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _ended = true;
            changed = Renew();
        }

        changed.TrySetResult();
    }

    /// <summary>Wakes the readers though there is no new chunk.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = Renew();
        }

        changed.TrySetResult();
    }

    /// <summary>What there is for a reader.</summary>
    /// <param name="cursor">Number of the event that it wants next.</param>
    public RingView Look(ulong cursor)
    {
        lock (_lock)
        {
            ulong oldest = _chunks.Count == 0 ? 0 : _chunks[0].First;
            ulong oldestNs = _chunks.Count == 0 ? 0 : _chunks[0].LastNs;
            ulong head = _chunks.Count == 0 ? 0 : _chunks[^1].Next;
            EventChunk? chunk = cursor >= oldest && cursor < head ? Find(cursor) : null;
            return new RingView(chunk, oldest, oldestNs, head, _ended, _changed.Task);
        }
    }

    private EventChunk Find(ulong cursor)
    {
        (int low, int high) = (0, _chunks.Count - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _chunks[middle].First <= cursor ? (middle, high) : (low, middle - 1);
        }

        return _chunks[low];
    }

    private TaskCompletionSource Renew()
    {
        TaskCompletionSource before = _changed;
        _changed = NewSignal();
        return before;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
