using ActorTrace.Actors.Runs;
using ActorTrace.Hosting.Journals;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Reading;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Service;

/// <summary>
/// The records of a run while it is simulated, out of the journal: what a reader sees is stored. Streams wait for more, and say by
/// horizons that they have nothing of before an instant, so that they can be merged.
/// </summary>
internal sealed class FollowedRun : IOpenRun
{
    /// <summary>Batches that a stream has in memory.</summary>
    private const int BatchesAtOnce = 2;

    private readonly JournalReader _reader;
    private readonly RunId _run;
    private readonly StoredHorizon _stored;
    private readonly CancellationToken _stop;

    /// <summary>Follows a run.</summary>
    /// <param name="reader">The journal; closed with this.</param>
    /// <param name="run">The run.</param>
    /// <param name="stored">Up to where it is stored.</param>
    /// <param name="stop">Ends the streams where they are.</param>
    public FollowedRun(JournalReader reader, RunId run, StoredHorizon stored, CancellationToken stop)
    {
        (_reader, _run, _stored, _stop) = (reader, run, stored, stop);
        Manifest = RecordedRun.ReadManifest(reader, run);
    }

    /// <inheritdoc/>
    public RunManifest Manifest { get; }

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName)
    {
        long next = 1;
        VirtualInstant told = VirtualInstant.Zero;
        while (!_stop.IsCancellationRequested)
        {
            // Looked at before the journal is read: what it promises is there then.
            (VirtualInstant before, bool closed) = _stored.Present;

            // A query that stays open would keep the journal's log from being folded into the file.
            TraceBatch[] batches = [.. _reader.Read(_run, streamName, next).Take(BatchesAtOnce)];
            foreach (TraceRecord record in batches.SelectMany(batch => RecordedRun.Records(batch.Payload)))
            {
                yield return record;
            }

            next += batches.Length;
            if (batches.Length == BatchesAtOnce)
            {
                continue;
            }

            if (closed)
            {
                yield break;
            }

            if (before > told)
            {
                told = before;
                yield return new HorizonRecord(before);
            }

            _ = _stored.WaitBeyond(before, _stop);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
