using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>What events are called on a timeline.</summary>
internal sealed class EventNames
{
    private readonly LabelTable _labels;
    private readonly EventArguments _arguments;
    private readonly Dictionary<EventType, int> _points = [];

    public EventNames(LabelTable labels, TextTable texts)
    {
        _labels = labels;
        _arguments = new EventArguments(texts);
        NoDetail = texts.Of(string.Empty);
        Woken = labels.Of(LabelStyle.Woken, "runnable, woken");
    }

    /// <summary>The detail that says nothing.</summary>
    public int NoDetail { get; }

    /// <summary>The label of a task that was woken and waits for its CPU.</summary>
    public int Woken { get; }

    /// <summary>The label of an event as a point.</summary>
    public int Of(in TraceEvent next)
    {
        if (next.Type == EventCatalogue.ProbeHit || next.Type == EventCatalogue.ProbeReturn)
        {
            return _labels.Of(LabelStyle.Hit, next.Text(0));
        }

        if (!_points.TryGetValue(next.Type, out int label))
        {
            LabelStyle style = EventRoles.Of(next.Type) == EventRole.Wakeup ? LabelStyle.Wakeup : EventRoles.StyleOf(next.Type);
            label = _labels.Of(style, next.Type.Name);
            _points.Add(next.Type, label);
        }

        return label;
    }

    /// <summary>An event's arguments.</summary>
    public int Arguments(in TraceEvent next) => _arguments.Of(next);

    /// <summary>The label of an interrupt handler, by its entry event.</summary>
    public int Handler(in TraceEvent next)
    {
        if (next.Type == EventCatalogue.IrqHandlerEntry)
        {
            return _labels.Of(LabelStyle.Interrupt, string.Create(CultureInfo.InvariantCulture, $"irq {next.Number(0)} {next.Text(0)}"));
        }

        string kind = next.Type.Name.EndsWith("_entry", StringComparison.Ordinal) ? next.Type.Name[..^"_entry".Length] : next.Type.Name;
        return _labels.Of(LabelStyle.Interrupt, string.Concat(kind, " ", _arguments.Format(next)));
    }

    /// <summary>The label of what the hypervisor was entered for.</summary>
    public int Reason(in TraceEvent next) => _labels.Of(LabelStyle.Hypervisor, HypervisorReason.Of(next));

    /// <summary>The label of a gap.</summary>
    public int Loss(ulong count) => _labels.Of(
        LabelStyle.Loss,
        count == 0 ? "not traced" : string.Create(CultureInfo.InvariantCulture, $"{count} event{(count == 1 ? "" : "s")} lost"));

    /// <summary>Which state a prev_state is.</summary>
    public static LabelStyle StyleOfState(ulong state) => (state & StateMask) switch
    {
        0 => LabelStyle.Preempted,
        _ when (state & Preempted) != 0 => LabelStyle.Preempted,
        1 => LabelStyle.Sleeping,
        _ => LabelStyle.Blocked,
    };

    /// <summary>The label of a state that is not running.</summary>
    public int State(LabelStyle style, ulong state) => style switch
    {
        LabelStyle.Preempted => _labels.Of(style, "runnable, preempted"),
        LabelStyle.Sleeping => _labels.Of(style, "sleeping (S)"),
        _ => _labels.Of(style, $"blocked ({Letters(state)})"),
    };

    private const ulong StateMask = 0xFF;
    private const ulong Preempted = 0x100;

    private static string Letters(ulong state) => string.Join(
        '|', Enumerable.Range(0, EventCatalogue.StateLetters.Length).Where(bit => (state >> bit & 1) != 0).Select(bit => EventCatalogue.StateLetters[bit]));
}
