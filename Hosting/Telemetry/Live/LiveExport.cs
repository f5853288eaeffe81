using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ActorTrace.Hosting.Service;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTrace.Hosting.Telemetry.Live;

/// <summary>
/// Exports every run from its beginning on: those that are begun or continued, and after a crash those that were not exported to
/// their end. The same spans have the same identities, so what is sent again is no new span.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="find">Gives the runs, when their actors are there.</param>
/// <param name="marks">Which runs are not exported yet.</param>
/// <param name="tally">Told what was sent.</param>
/// <param name="log">Told how it goes.</param>
internal sealed partial class LiveExport(
    OtlpTarget target, Func<IRuns> find, ExportMarks marks, ExportTally tally, ILogger<LiveExport> log) : BackgroundService
{
    private const int LooksUntilTold = 150;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, Task> _exports = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Run, DateTimeOffset Begun), bool> _known = [];
    private (long Done, int Looks) _standing;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pending = marks.Pending().ToHashSet(StringComparer.Ordinal);
        IRuns runs = find();
        IReadOnlyList<RunStatus> stored = runs.List();
        foreach (RunStatus run in stored.Where(run => !run.IsLive && !pending.Contains(run.Id)))
        {
            _known.Add((run.Id, run.BegunAt), false);
        }

        foreach (string gone in pending.Except(stored.Select(run => run.Id), StringComparer.Ordinal))
        {
            marks.Clear(gone);
        }

        using var timer = new PeriodicTimer(BetweenLooks);
        do
        {
            Look(runs, stoppingToken);
            TellOfSilence();
        }
        while (await WaitAsync(timer, stoppingToken));

        await Task.WhenAll(_exports.Values);
    }

    private void Look(IRuns runs, CancellationToken stop)
    {
        foreach (RunStatus run in runs.List())
        {
            bool isKnown = _known.TryGetValue((run.Id, run.BegunAt), out bool wasLive);
            _known[(run.Id, run.BegunAt)] = run.IsLive;

            // A run that was cut off is exported when it is continued: then it has an end.
            if ((!isKnown || (run.IsLive && !wasLive)) && run.State != RunState.Unfinished && !_exports.ContainsKey(run.Id))
            {
                marks.Set(run.Id);
                _exports[run.Id] = Task.Run(() => ExportAsync(runs, run, stop), CancellationToken.None);
            }
        }
    }

    private void TellOfSilence()
    {
        long done = tally.Accepted + tally.Rejected;
        _standing = tally.Waiting > 0 && done == _standing.Done ? (done, _standing.Looks + 1) : (done, 0);
        if (_standing.Looks % LooksUntilTold == LooksUntilTold - 1)
        {
            LogSilent(target.Receiver, (int)(_standing.Looks * BetweenLooks.TotalSeconds), tally.Waiting);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The export of one run must not end that of the others; it is told.")]
    private async Task ExportAsync(IRuns runs, RunStatus run, CancellationToken stop)
    {
        tally.Begin();
        bool failed = false;
        try
        {
            ExportCount count = await new RunExport(target, runs, tally).SendAsync(run, stop);
            marks.Clear(run.Id);
            LogExported(run.Id, count.Accepted, target.Receiver, count.Rejected);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The mark stays: it is exported when the service is started again.
        }
        catch (Exception e)
        {
            failed = true;
            if (runs.Find(run.Id) is null)
            {
                marks.Clear(run.Id);
            }

            LogFailed(run.Id, e.Message);
        }

        _ = _exports.TryRemove(run.Id, out _);
        tally.End(failed);
    }

    [LoggerMessage(LogLevel.Information, "run {Run}: {Accepted} spans accepted by {Receiver}, {Rejected} rejected")]
    private partial void LogExported(string run, long accepted, Uri receiver, long rejected);

    [LoggerMessage(LogLevel.Warning, "{Receiver} has taken no span for {Seconds} s; {Waiting} wait, none is dropped")]
    private partial void LogSilent(Uri receiver, int seconds, long waiting);

    [LoggerMessage(LogLevel.Error, "run {Run} is not exported: {Reason} (it is exported again when the service is started the next time)")]
    private partial void LogFailed(string run, string reason);
}
