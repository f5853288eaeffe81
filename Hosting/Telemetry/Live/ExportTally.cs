namespace ActorTrace.Hosting.Telemetry.Live;

/// <summary>What the live export has done so far; counted on many threads.</summary>
internal sealed class ExportTally
{
    private long _accepted;
    private long _rejected;
    private long _repeated;
    private long _waiting;
    private int _runs;
    private int _failed;

    /// <summary>Spans that the receiver took.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Spans that it left out.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Requests sent again.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Spans that are made and not sent.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Runs that are being exported.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Runs whose export the receiver refused.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>A request was answered.</summary>
    public void Add(ExportCount after, ExportCount before)
    {
        Interlocked.Add(ref _accepted, after.Accepted - before.Accepted);
        Interlocked.Add(ref _rejected, after.Rejected - before.Rejected);
        Interlocked.Add(ref _repeated, after.Retries - before.Retries);
    }

    /// <summary>Spans were made, or, below 0, taken to be sent.</summary>
    public void Waits(int spans) => Interlocked.Add(ref _waiting, spans);

    /// <summary>The export of a run begins.</summary>
    public void Begin() => Interlocked.Increment(ref _runs);

    /// <summary>The export of a run has ended.</summary>
    /// <param name="failed">The receiver refused.</param>
    public void End(bool failed)
    {
        Interlocked.Decrement(ref _runs);
        Interlocked.Add(ref _failed, failed ? 1 : 0);
    }
}
