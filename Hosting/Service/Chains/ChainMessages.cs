using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Sharing;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Service.Chains;

/// <summary>The messages of a causal chain, told from its steps: which there must have been for the steps to be done where they were.</summary>
/// <param name="manifest">What the run was.</param>
internal sealed class ChainMessages(RunManifest manifest)
{
    private const string Isr = "isr";
    private const string Converter = "converter";
    private const string Shell = "sh";
    private readonly List<ChainMessage> _messages = [];
    private readonly Dictionary<int, CorePath> _cores = [];
    private readonly List<LaneRecord> _entries = [];

    /// <summary>The messages in the order of their times.</summary>
    /// <param name="manifest">What the run was.</param>
    /// <param name="records">The chain's records in the order of their times.</param>
    public static IReadOnlyList<ChainMessage> Of(RunManifest manifest, IEnumerable<TraceRecord> records)
    {
        var told = new ChainMessages(manifest);
        foreach (TraceRecord record in records)
        {
            if (record is StepRecord step)
            {
                told.Take(step);
            }
            else if (record is LaneRecord entry)
            {
                told._entries.Add(entry);
            }
        }

        told.Finish();

        // Cores run beside each other; what one did at the same instant stays in its order.
        return [.. told._messages.OrderBy(message => message.StartNs)];
    }

    private void Take(StepRecord step)
    {
        int core = step.Core.Index;
        if (!_cores.TryGetValue(core, out CorePath? path))
        {
            _cores.Add(core, path = new CorePath(core));
        }

        switch (step.Step)
        {
            case StepKind.Trap:
                path.Enter();
                Add(Participants.Of(Role.Core, core), Participants.Of(Role.Router, core), nameof(TrapTaken), step);
                break;
            case StepKind.Route or StepKind.SgiTake or StepKind.PpiTake:
                path.Route(step);
                break;
            case StepKind.Resume:
                Go(path, Role.Router, step);
                path.Leave();
                Add(Participants.Of(Role.Router, core), Participants.Of(Role.Core, core), nameof(ResumeGuest), step);
                break;
            case StepKind.SgiSend:
                Go(path, path.SenderOf(step), step);
                Cross(Participants.Of(path.At, core), (int)step.Detail2, nameof(SgiSignal), step);
                break;
            case StepKind.DisplacedInstruction:
                break;
            case StepKind.IsrEntry or StepKind.Drain or StepKind.Conversion or StepKind.BufferWrite:
                TakeSoftware(step, core);
                break;
            case StepKind.Command when step.Category == CostCategory.TraceController:
                Add(Participants.Of(Role.Core, core), Participants.Software(Shell, core), nameof(StepKind.Command), step);
                break;
            default:
                Go(path, CorePath.DoerOf(step), step);
                if (step.Step == StepKind.RingWrite)
                {
                    WriteRing(step, core);
                }

                break;
        }
    }

    /// <summary>The messages by which the core's resources came to where a step is done.</summary>
    private void Go(CorePath path, Role to, StepRecord step)
    {
        IReadOnlyList<(Role From, Role To, string Message)> way = path.Go(to, step);
        for (int i = 0; i < way.Count; i++)
        {
            // The last one is what the step was done for; those before it take no time.
            bool last = i == way.Count - 1 && step.Step != StepKind.Resume;
            Add(Participants.Of(way[i].From, path.Core), Participants.Of(way[i].To, path.Core), way[i].Message, step, last);
        }
    }

    /// <summary>Work that came with another trap ends with its last step.</summary>
    private void Finish()
    {
        foreach (CorePath path in _cores.Values)
        {
            if (path.Last is { } last)
            {
                foreach ((Role from, Role to, string message) in path.Go(Role.Router, last))
                {
                    Add(Participants.Of(from, path.Core), Participants.Of(to, path.Core), message, last, tells: false, atEnd: true);
                }
            }
        }
    }

    private void WriteRing(StepRecord step, int core)
    {
        LaneManifest? lane = manifest.Lanes.FirstOrDefault(l => l.Ring >= 0 && l.Vcpu == step.Vcpu);
        LaneManifest? own = manifest.Lanes.FirstOrDefault(l => l.Ring < 0);
        if (lane is null || own is null)
        {
            return;
        }

        // The GPOS is where its own tracer writes.
        if (own.Core == step.Core)
        {
            Add(Participants.Of(Role.Extraction, core), Participants.Ring(lane.Ring), nameof(RingRecord), step, atEnd: true);
            return;
        }

        Cross(Participants.Of(Role.Extraction, core), own.Core.Index, nameof(RingStore), step);
        Add(Participants.Of(Role.Core, own.Core.Index), Participants.Ring(lane.Ring), nameof(RingRecord), step, atEnd: true);
    }

    private void Cross(string from, int target, string effect, StepRecord step)
    {
        Add(from, Participants.Gic, nameof(SendSgi), step, atEnd: true, effect: effect);
        Add(Participants.Gic, Participants.Of(Role.Core, target), nameof(Deliver), step, atEnd: true, effect: effect);
    }

    private void TakeSoftware(StepRecord step, int core)
    {
        string isr = Participants.Software(Isr, core);
        string converter = Participants.Software(Converter, core);
        switch (step.Step)
        {
            case StepKind.IsrEntry when step.Detail2 == 0:
                Add(Participants.Of(Role.Core, core), isr, "Interrupt", step);
                break;
            case StepKind.IsrEntry:
                Add(isr, Participants.Of(Role.Core, core), "ReturnFromInterrupt", step);
                break;
            case StepKind.Drain:
                Add(Participants.Ring((int)step.Detail), isr, nameof(RingRecord), step);
                break;
            case StepKind.Conversion:
                Add(isr, converter, nameof(RingRecord), step);
                break;
            default:
                _entries.ForEach(entry => Add(converter, Participants.Lane(step.Detail), entry.GetType().Name, step));
                _entries.Clear();
                break;
        }
    }

    private void Add(string from, string to, string message, StepRecord step, bool tells = true, bool atEnd = false, string? effect = null)
    {
        ulong start = manifest.Clock.ToNanoseconds(atEnd ? step.End : step.Start);
        ulong end = manifest.Clock.ToNanoseconds(atEnd || tells ? step.End : step.Start);
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        if (effect is not null)
        {
            attributes.Add("effect", effect);
        }
        else if (tells)
        {
            attributes.Add("step", StepSpans.NameOf(step.Step));
            foreach (SpanAttribute attribute in StepSpans.AttributesOf(step))
            {
                attributes[attribute.Key] = attribute.Text is { } text ? text : attribute.Number;
            }
        }

        _messages.Add(new ChainMessage(from, to, message, start, end, step.Core.Index, attributes));
    }
}
