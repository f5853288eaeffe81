using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Finds for each SGI between cores when the other core's hypervisor took it.</summary>
/// <remarks>
/// Several SGIs may be pending as one, so their number does not say which was taken. What a sender wants done carries its cause:
/// the receiver's first step of the same cause shows that the interrupt it took last was this one.
/// </remarks>
/// <param name="options">The window.</param>
internal sealed class IpiFigures(ReportOptions options)
{
    private const int MostPending = 4096;

    private readonly SortedDictionary<(byte From, byte To), (Samples Latency, ulong Unmatched)> _pairs = [];
    private readonly Dictionary<(Stamp Cause, CoreId To), (CoreId From, ulong Sent)> _pending = [];
    private readonly Queue<(Stamp Cause, CoreId To)> _order = [];
    private readonly Dictionary<(CoreId From, CoreId To), ulong> _taken = [];

    /// <summary>A step, in order of time.</summary>
    public void Add(StepRecord step, ulong start, ulong end)
    {
        switch (step.Step)
        {
            case StepKind.SgiSend when start >= options.From:
                Send(step.Core, new CoreId((byte)step.Detail2), step.Cause, end);
                break;
            case StepKind.SgiTake:
                _taken[(new CoreId((byte)step.Detail2), step.Core)] = start;
                break;
            default:
                if (_pending.Count > 0 && _pending.TryGetValue((step.Cause, step.Core), out (CoreId From, ulong Sent) sent)
                    && _taken.TryGetValue((sent.From, step.Core), out ulong taken) && taken >= sent.Sent)
                {
                    _pending.Remove((step.Cause, step.Core));
                    Pair(sent.From, step.Core).Latency.Add(taken - sent.Sent);
                }

                break;
        }
    }

    public IReadOnlyList<IpiReport> Report()
    {
        while (_order.Count > 0)
        {
            GiveUp();
        }

        return [.. _pairs.Select(pair => new IpiReport(new CoreId(pair.Key.From), new CoreId(pair.Key.To), pair.Value.Latency.Distribution(), pair.Value.Unmatched))];
    }

    private void Send(CoreId from, CoreId to, Stamp cause, ulong sent)
    {
        _pending.TryAdd((cause, to), (from, sent));
        _order.Enqueue((cause, to));
        if (_order.Count > MostPending)
        {
            GiveUp();
        }
    }

    private void GiveUp()
    {
        (Stamp cause, CoreId to) = _order.Dequeue();
        if (_pending.Remove((cause, to), out (CoreId From, ulong Sent) sent))
        {
            (Samples latency, ulong unmatched) = Pair(sent.From, to);
            _pairs[(sent.From.Index, to.Index)] = (latency, unmatched + 1);
        }
    }

    private (Samples Latency, ulong Unmatched) Pair(CoreId from, CoreId to)
    {
        if (!_pairs.TryGetValue((from.Index, to.Index), out (Samples Latency, ulong Unmatched) pair))
        {
            _pairs.Add((from.Index, to.Index), pair = (new Samples(), 0));
        }

        return pair;
    }
}
