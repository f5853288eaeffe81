using System.Runtime.InteropServices;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>Makes a timeline of a stream of events: of a recorded run's, or of a trace file's.</summary>
/// <remarks>All events are to be sent, also those outside the window, so that it is known what runs at its beginning.</remarks>
public sealed class TimelineBuilder : ITraceEventSink
{
    private const int ExitedStates = 0x30;

    private readonly string _title;
    private readonly TimelineWindow _window;
    private readonly Func<int, string> _guestOf;
    private readonly SortedDictionary<int, CpuLane> _cpus = [];
    private readonly SortedDictionary<int, HypervisorLane> _cores = [];
    private readonly SortedDictionary<int, TaskLane> _tasks = [];
    private readonly Dictionary<EventType, EventRole> _roles = [];
    private readonly List<(ulong From, int FromCpu, ulong To, int ToCpu, int Detail)> _arrows = [];
    private readonly LabelTable _labels = new();
    private readonly TextTable _texts = new();
    private readonly EventNames _names;
    private ulong? _first;
    private ulong _last;
    private long _events;

    /// <summary>A builder for one timeline.</summary>
    /// <param name="title">What it is of.</param>
    /// <param name="window">What is drawn.</param>
    /// <param name="guestOf">The guest that a CPU belongs to: the heading of its tasks.</param>
    public TimelineBuilder(string title, TimelineWindow window, Func<int, string> guestOf)
    {
        (_title, _window, _guestOf) = (title, window, guestOf);
        _names = new EventNames(_labels, _texts);
    }

    /// <inheritdoc/>
    /// <exception cref="TimelineTooLongException">The window holds more than <see cref="Timeline.MostEvents"/>.</exception>
    public void Write(in TraceEvent next)
    {
        Count(next.Nanoseconds);
        ref EventRole role = ref CollectionsMarshal.GetValueRefOrAddDefault(_roles, next.Type, out bool known);
        if (!known)
        {
            role = EventRoles.Of(next.Type);
        }

        switch (role)
        {
            case EventRole.HypervisorEntry: Core(next.Cpu).Enter(next.Nanoseconds, _names.Reason(next)); break;
            case EventRole.HypervisorExit: Core(next.Cpu).Exit(next.Nanoseconds); break;
            case EventRole.HypervisorStep: Core(next.Cpu).Step(Point(next)); break;
            default: WriteOnCpu(next, role); break;
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Count(nanoseconds);
        CpuLane lane = Cpu(cpu);
        foreach (TaskLane task in _tasks.Values)
        {
            if (task.Cpu == cpu)
            {
                task.Forget(lane.LastSeen ?? nanoseconds);
            }
        }

        int label = _names.Loss(count);
        lane.Lost(nanoseconds, label);
        lane.Point(new TimelinePoint(nanoseconds, label, _names.NoDetail, _labels.OfTask(0, string.Empty)));
    }

    /// <summary>Says that a hit led to an entry of the trace buffer.</summary>
    /// <param name="from">When the hit was, nanoseconds.</param>
    /// <param name="fromCpu">The CPU that was hit.</param>
    /// <param name="to">When the entry was stored, nanoseconds.</param>
    /// <param name="toCpu">The CPU that stored it.</param>
    /// <param name="detail">What was hit.</param>
    public void Arrow(ulong from, int fromCpu, ulong to, int toCpu, string detail)
    {
        if (_window.Contains(from) && _window.Contains(to))
        {
            _arrows.Add((from, fromCpu, to, toCpu, _texts.Of(detail)));
        }
    }

    /// <summary>The timeline of what was sent.</summary>
    /// <param name="end">Where the trace ends; null for its last event.</param>
    public Timeline Build(ulong? end = null)
    {
        ulong last = Math.Min(Math.Max(_last, end ?? 0), _window.Until);
        ulong start = _window.From > 0 ? Math.Min(_window.From, last) : _first ?? 0;
        foreach (CpuLane cpu in _cpus.Values)
        {
            cpu.End(last);
        }

        foreach (HypervisorLane core in _cores.Values)
        {
            core.Exit(last);
        }

        foreach (TaskLane task in _tasks.Values)
        {
            task.End(last);
        }

        List<TimelineLane> lanes = Lanes();
        return new Timeline
        {
            Title = _title,
            Start = start,
            End = last,
            Events = _events,
            Lanes = lanes,
            Labels = _labels.All,
            Details = _texts.All,
            Arrows = Arrows(lanes),
        };
    }

    private void Count(ulong at)
    {
        if (_window.Contains(at))
        {
            _first = Math.Min(_first ?? at, at);
            if (++_events > Timeline.MostEvents)
            {
                throw new TimelineTooLongException();
            }
        }

        _last = Math.Max(_last, at);
    }

    private void WriteOnCpu(in TraceEvent next, EventRole role)
    {
        CpuLane cpu = Cpu(next.Cpu);
        cpu.Seen(next.Nanoseconds, _labels.OfTask(next.Pid, next.Comm));
        switch (role)
        {
            case EventRole.Switch: Switch(cpu, next); break;
            case EventRole.Wakeup: Wakeup(next); break;
            case EventRole.HandlerEntry: cpu.Enter(next.Nanoseconds, _names.Handler(next)); break;
            case EventRole.HandlerExit: cpu.Exit(next.Nanoseconds); break;
            case EventRole.Point: cpu.Point(Point(next)); break;
            default: break;
        }
    }

    private void Switch(CpuLane cpu, in TraceEvent next)
    {
        (int previous, ulong state, int comes) = ((int)next.Number(0), next.Number(2), (int)next.Number(3));
        cpu.Switch(next.Nanoseconds, _labels.OfTask(comes, next.Text(1)));
        if (previous != 0)
        {
            TaskLane leaves = Task(previous, next.Text(0), next.Cpu);
            if ((state & ExitedStates) != 0)
            {
                leaves.Forget(next.Nanoseconds);
            }
            else
            {
                LabelStyle style = EventNames.StyleOfState(state);
                leaves.Become(next.Nanoseconds, style, _names.State(style, state), next.Cpu);
            }
        }

        if (comes != 0)
        {
            Task(comes, next.Text(1), next.Cpu).Become(
                next.Nanoseconds, LabelStyle.Task, _labels.OfRunning(comes, next.Text(1), next.Cpu), next.Cpu);
        }
    }

    private void Wakeup(in TraceEvent next)
    {
        int pid = (int)next.Number(0);
        if (pid != 0)
        {
            Task(pid, next.Text(0), next.Cpu).Wake(Point(next), _names.Woken, next.Cpu);
        }
    }

    private TimelinePoint Point(in TraceEvent next) =>
        new(next.Nanoseconds, _names.Of(next), _names.Arguments(next), _labels.OfTask(next.Pid, next.Comm));

    private CpuLane Cpu(int cpu)
    {
        if (!_cpus.TryGetValue(cpu, out CpuLane? lane))
        {
            lane = new CpuLane(LaneNames.Cpu(cpu, _guestOf(cpu)), LaneNames.Interrupts(cpu), _window);
            _cpus.Add(cpu, lane);
        }

        return lane;
    }

    private HypervisorLane Core(int core)
    {
        if (!_cores.TryGetValue(core, out HypervisorLane? lane))
        {
            lane = new HypervisorLane(LaneNames.Hypervisor(core), _window);
            _cores.Add(core, lane);
        }

        return lane;
    }

    private TaskLane Task(int pid, string name, int cpu)
    {
        if (!_tasks.TryGetValue(pid, out TaskLane? lane))
        {
            lane = new TaskLane(LaneNames.Task(pid, name, _guestOf(cpu)), _window);
            _tasks.Add(pid, lane);
        }

        return lane;
    }

    /// <summary>Lanes that have something to show; tasks under the heading of their guest, guests in order of their first task's CPU.</summary>
    private List<TimelineLane> Lanes()
    {
        string[] guests = [.. _cpus.Keys.Select(_guestOf).Distinct(StringComparer.Ordinal)];
        return
        [
            .. _cpus.Values.SelectMany(cpu => cpu.Interrupts.Slices.Count > 0 ? [cpu.Lane, cpu.Interrupts] : new[] { cpu.Lane }),
            .. _cores.Values.Select(core => core.Lane),
            .. _tasks.Values.Select(task => task.Lane).Where(lane => lane.Slices.Count + lane.Points.Count > 0)
                .OrderBy(lane => Array.IndexOf(guests, lane.Group)),
        ];
    }

    private List<TimelineArrow> Arrows(List<TimelineLane> lanes)
    {
        var place = lanes.Select((lane, index) => (lane, index)).Where(l => l.lane.Kind == LaneKind.Cpu).ToDictionary(l => l.lane.Number, l => l.index);
        return
        [
            .. _arrows.Where(arrow => place.ContainsKey(arrow.FromCpu) && place.ContainsKey(arrow.ToCpu))
                .Select(arrow => new TimelineArrow(arrow.From, arrow.To, place[arrow.FromCpu], place[arrow.ToCpu], arrow.Detail))
                .OrderBy(arrow => arrow.From).ThenBy(arrow => arrow.FromLane).ThenBy(arrow => arrow.To),
        ];
    }
}
