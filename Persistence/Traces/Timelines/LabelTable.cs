using System.Globalization;

namespace ActorTrace.Traces.Timelines;

/// <summary>The labels of a timeline, each kept once; tasks are told apart by pid and named as they are seen first.</summary>
internal sealed class LabelTable
{
    private readonly List<TimelineLabel> _all = [];
    private readonly Dictionary<(LabelStyle Style, string Text), int> _numbers = [];
    private readonly Dictionary<int, int> _tasks = [];
    private readonly Dictionary<(int Pid, int Cpu), int> _running = [];
    private readonly int[] _colors = new int[Enum.GetValues<LabelStyle>().Length];

    /// <summary>In order of their numbers.</summary>
    public IReadOnlyList<TimelineLabel> All => _all;

    /// <summary>The number of a label.</summary>
    public int Of(LabelStyle style, string text)
    {
        if (!_numbers.TryGetValue((style, text), out int number))
        {
            number = Add(new TimelineLabel(text, style, _colors[(int)style]++));
            _numbers.Add((style, text), number);
        }

        return number;
    }

    /// <summary>The number of a task's label; of the idle task, which is one on all CPUs, for pid 0.</summary>
    public int OfTask(int pid, string name)
    {
        if (!_tasks.TryGetValue(pid, out int number))
        {
            number = Add(pid == 0 ? new TimelineLabel("idle", LabelStyle.Idle, 0) : new TimelineLabel(name, LabelStyle.Task, _colors[(int)LabelStyle.Task]++));
            _tasks.Add(pid, number);
        }

        return number;
    }

    /// <summary>What a task is called in its own lane while it runs: in its colour, with the CPU's number.</summary>
    public int OfRunning(int pid, string name, int cpu)
    {
        if (!_running.TryGetValue((pid, cpu), out int number))
        {
            number = Add(_all[OfTask(pid, name)] with { Text = string.Create(CultureInfo.InvariantCulture, $"running on CPU {cpu}") });
            _running.Add((pid, cpu), number);
        }

        return number;
    }

    private int Add(TimelineLabel label)
    {
        _all.Add(label);
        return _all.Count - 1;
    }
}
