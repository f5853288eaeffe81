using System.Globalization;

namespace ActorTrace.Traces.Timelines;

/// <summary>What a lane shows.</summary>
public enum LaneKind
{
    /// <summary>Which task ran on a CPU.</summary>
    Cpu,

    /// <summary>What interrupted it.</summary>
    Interrupts,

    /// <summary>When the hypervisor had a core, and why.</summary>
    Hypervisor,

    /// <summary>What a task did: ran, waited for a CPU, slept.</summary>
    Task,
}

/// <summary>How a label looks; the order is that of the page and must stay in step with it (Page/series.js).</summary>
public enum LabelStyle
{
    /// <summary>The idle task.</summary>
    Idle,

    /// <summary>A task that runs.</summary>
    Task,

    /// <summary>Runnable since a wake-up.</summary>
    Woken,

    /// <summary>Runnable, pushed off its CPU.</summary>
    Preempted,

    /// <summary>Waits for an event.</summary>
    Sleeping,

    /// <summary>Waits, and signals do not wake it (D and the like).</summary>
    Blocked,

    /// <summary>An interrupt handler.</summary>
    Interrupt,

    /// <summary>The hypervisor.</summary>
    Hypervisor,

    /// <summary>Events are missing here.</summary>
    Loss,

    /// <summary>A probe was hit or a function came back.</summary>
    Hit,

    /// <summary>A line of text that a task wrote.</summary>
    Marker,

    /// <summary>A probe was put in or taken out.</summary>
    Probe,

    /// <summary>A step of the hypervisor's.</summary>
    Step,

    /// <summary>A task was made runnable.</summary>
    Wakeup,

    /// <summary>Any other event.</summary>
    Other,
}

/// <summary>A name on a timeline.</summary>
/// <param name="Text">The name.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Color">Which colour of the style; counts up from 0 in order of appearance.</param>
public readonly record struct TimelineLabel(string Text, LabelStyle Style, int Color);

/// <summary>Something that lasts.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended; not before it began.</param>
/// <param name="Label">Index of its label.</param>
public readonly record struct TimelineSlice(ulong Start, ulong End, int Label);

/// <summary>Something that happened at one instant.</summary>
/// <param name="At">When.</param>
/// <param name="Label">Index of its label.</param>
/// <param name="Detail">Index of its details.</param>
/// <param name="Task">Label of the task that was current.</param>
public readonly record struct TimelinePoint(ulong At, int Label, int Detail, int Task);

/// <summary>From a hit to its entry in the GPOS's trace buffer.</summary>
/// <param name="From">When the hit was.</param>
/// <param name="To">When its entry was stored; not before the hit.</param>
/// <param name="FromLane">The lane of the CPU that was hit.</param>
/// <param name="ToLane">The lane of the CPU that stored the entry.</param>
/// <param name="Detail">Index of what was hit.</param>
public readonly record struct TimelineArrow(ulong From, ulong To, int FromLane, int ToLane, int Detail);

/// <summary>A row of a timeline.</summary>
/// <param name="kind">What it shows.</param>
/// <param name="number">Number of the CPU or core, pid of the task.</param>
/// <param name="title">Its name.</param>
/// <param name="note">What stands beside the name; may be empty.</param>
/// <param name="group">The heading it stands under.</param>
public sealed class TimelineLane(LaneKind kind, int number, string title, string note, string group)
{
    private readonly List<TimelineSlice> _slices = [];
    private readonly List<TimelinePoint> _points = [];

    /// <summary>What it shows.</summary>
    public LaneKind Kind { get; } = kind;

    /// <summary>Number of the CPU or core, pid of the task.</summary>
    public int Number { get; } = number;

    /// <summary>Its name.</summary>
    public string Title { get; } = title;

    /// <summary>What stands beside the name; may be empty.</summary>
    public string Note { get; } = note;

    /// <summary>The heading it stands under.</summary>
    public string Group { get; } = group;

    /// <summary>Its name in links: cpu:0, irq:0, core:0, task:2004.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{KeyWord}:{Number}");

    /// <summary>Slices in order of time; they do not overlap.</summary>
    public IReadOnlyList<TimelineSlice> Slices => _slices;

    /// <summary>Points in order of time.</summary>
    public IReadOnlyList<TimelinePoint> Points => _points;

    private string KeyWord => Kind switch
    {
        LaneKind.Cpu => "cpu",
        LaneKind.Interrupts => "irq",
        LaneKind.Hypervisor => "core",
        _ => "task",
    };

    internal void Add(in TimelineSlice slice) => _slices.Add(slice);

    internal void Add(in TimelinePoint point) => _points.Add(point);
}
