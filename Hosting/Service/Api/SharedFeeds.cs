namespace ActorTrace.Hosting.Service.Api;

/// <summary>Things that are made for the first user, shared by all, and end some time after the last one has left.</summary>
/// <typeparam name="TKey">What tells them apart.</typeparam>
/// <typeparam name="TFeed">What is shared.</typeparam>
/// <param name="grace">How long one is kept without users.</param>
/// <param name="isOver">Whether one has nothing to give to a new user.</param>
internal sealed class SharedFeeds<TKey, TFeed>(TimeSpan grace, Func<TFeed, bool> isOver) : IDisposable
    where TKey : notnull
    where TFeed : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly CancellationTokenSource _closed = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Uses one until the result is disposed of.</summary>
    public Lease Use(TKey key, Func<TFeed> make)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out Entry? entry) || isOver(entry.Feed))
            {
                // One that is over stays with its users and goes with the last of them.
                entry = new Entry(key, make());
                _entries[key] = entry;
            }

            entry.Users++;
            return new Lease(this, entry);
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        lock (_lock)
        {
            foreach (Entry entry in _entries.Values)
            {
                entry.Feed.Dispose();
            }

            _entries.Clear();
        }

        _closed.Dispose();
    }

    private void Leave(Entry entry)
    {
        int use;
        lock (_lock)
        {
            use = ++entry.Leavings;
            if (--entry.Users > 0)
            {
                return;
            }
        }

        _ = EndLaterAsync(entry, use);
    }

    private async Task EndLaterAsync(Entry entry, int use)
    {
        try
        {
            await Task.Delay(grace, _closed.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        lock (_lock)
        {
            if (entry.Users > 0 || entry.Leavings != use)
            {
                return;
            }

            if (_entries.TryGetValue(entry.Key, out Entry? present) && ReferenceEquals(present, entry))
            {
                _entries.Remove(entry.Key);
            }
        }

        entry.Feed.Dispose();
    }

    /// <summary>The use of one.</summary>
    internal sealed class Lease(SharedFeeds<TKey, TFeed> feeds, Entry entry) : IDisposable
    {
        private int _open = 1;

        /// <summary>What is shared.</summary>
        public TFeed Feed => entry.Feed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _open, 0) == 1)
            {
                feeds.Leave(entry);
            }
        }
    }

    internal sealed class Entry(TKey key, TFeed feed)
    {
        public TKey Key { get; } = key;

        public TFeed Feed { get; } = feed;

        public int Users { get; set; }

        public int Leavings { get; set; }
    }
}
