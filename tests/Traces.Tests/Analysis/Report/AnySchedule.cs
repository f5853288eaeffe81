using ActorTrace.Traces.Events;
using ActorTrace.Traces.Tests.Formats;
using CsCheck;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>What the tasks of an <see cref="AnySchedule"/> do beside sleeping, waiting and running.</summary>
[Flags]
internal enum Habits
{
    None = 0,

    /// <summary>They move between CPUs.</summary>
    Move = 1,

    /// <summary>Events are lost.</summary>
    Lose = 2,

    /// <summary>A preempted one is shown as R+ (0x100); perf 6.1 takes that for no state it knows.</summary>
    ShowPreempted = 4,
}

/// <summary>An arbitrary run of a scheduler that does nothing impossible: tasks sleep, wait, run, are preempted and move, on two CPUs.</summary>
internal sealed class AnySchedule
{
    private static readonly TaskReference Idle = new(0, "", 120);
    private static readonly int[] Priorities = [3, 10, 10, 50, 99, 100, 120, 139];

    private readonly Queue<int> _choices;
    private readonly Habits _habits;
    private readonly AnyTask[] _tasks = [.. Priorities.Select((priority, i) => new AnyTask(new TaskReference(i + 1, $"task {i + 1}", priority), i % 2))];
    private readonly AnyTask?[] _running = new AnyTask?[2];
    private readonly int[] _lost = new int[2];
    private bool _silent;
    private ulong _now = 1000;

    private AnySchedule(int[] choices, Habits habits) => (_choices, _habits) = (new Queue<int>(choices), habits);

    public MemorySource Source { get; } = new();

    /// <summary>Runs a check on many of them.</summary>
    public static void Sample(Action<MemorySource> check, int iterations, Habits habits) =>
        Gen.Int[0, 1_000_000].Array[0, 600].Sample(choices => check(Make(choices, habits)), iter: iterations, threads: 1);

    private static MemorySource Make(int[] choices, Habits habits)
    {
        var run = new AnySchedule(choices, habits);
        foreach (AnyTask task in run._tasks)
        {
            task.State = run.Choose(4) == 0 ? AnyState.Ready : AnyState.Asleep;
        }

        while (run._choices.Count > 0)
        {
            run.Act(run.Choose(2));
        }

        // Both CPUs end idle at the same instant, so that no tool leaves a last piece out.
        run._now += 10;
        for (int cpu = 0; cpu < 2; cpu++)
        {
            if (run._running[cpu] is not null)
            {
                run.SwitchTo(cpu, null, 1);
            }

            run.Emit(cpu, Marker(cpu, run._now, Idle, "end"));
        }

        return run.Source;
    }

    private bool Loses => _habits.HasFlag(Habits.Lose);

    private int Preempted => _habits.HasFlag(Habits.ShowPreempted) ? 0x100 : 0;

    private int Choose(int below) => _choices.TryDequeue(out int choice) ? choice % below : 0;

    private void Act(int cpu)
    {
        _now += 1 + (ulong)Choose(Choose(10) == 0 ? 1_000_000 : 500);
        switch (Choose(Loses ? 10 : 9))
        {
            case 0 or 1 or 2:
                Wake(Pick(task => task.State is AnyState.Asleep or AnyState.Blocked), cpu);
                break;
            case 3:
                Wake(Pick(task => task.State == AnyState.Ready || (task.State == AnyState.Running && task.SeenRunning)), cpu);
                break;
            case 9 when !_silent:
                Lose(cpu);
                break;
            default:
                AnyTask? next = Pick(task => task.State == AnyState.Ready && (_habits.HasFlag(Habits.Move) || task.Cpu == cpu));
                if (next is not null || _running[cpu] is not null)
                {
                    SwitchTo(cpu, Choose(5) == 0 ? null : next, (uint)(Choose(6) switch { 0 or 1 => 0, 2 => 2, 3 => Preempted, _ => 1 }));
                }

                break;
        }
    }

    private AnyTask? Pick(Func<AnyTask, bool> fits)
    {
        AnyTask[] fitting = [.. _tasks.Where(fits)];
        return fitting.Length == 0 ? null : fitting[Choose(fitting.Length)];
    }

    private void Wake(AnyTask? task, int waker)
    {
        if (task is null)
        {
            return;
        }

        task.State = task.State is AnyState.Asleep or AnyState.Blocked ? AnyState.Ready : task.State;
        int from = Loses ? task.Cpu : waker;
        Emit(from, Wakeup(from, _now, _running[from]?.Task ?? Idle, task.Task) with { TargetCpu = task.Cpu });
    }

    private void SwitchTo(int cpu, AnyTask? next, uint state)
    {
        AnyTask? previous = _running[cpu];
        if (ReferenceEquals(previous, next))
        {
            return;
        }

        Emit(cpu, Switch(cpu, _now, previous?.Task ?? Idle, previous is null ? 0 : state, next?.Task ?? Idle));
        if (previous is not null)
        {
            previous.State = (state & 0xFF) switch { 0 => AnyState.Ready, 2 => AnyState.Blocked, _ => AnyState.Asleep };
        }

        if (next is not null)
        {
            (next.State, next.Cpu, next.SeenRunning) = (AnyState.Running, cpu, !_silent);
        }

        _running[cpu] = next;
    }

    private void Lose(int cpu)
    {
        _silent = true;
        for (int i = Choose(5); i >= 0; i--)
        {
            _lost[cpu]++;
            _now += 50;
            AnyTask? next = Pick(task => task.State == AnyState.Ready && task.Cpu == cpu);
            AnyTask? woken = Pick(task => task.State == AnyState.Asleep && task.Cpu == cpu);
            if (woken is not null)
            {
                woken.State = AnyState.Ready;
            }

            SwitchTo(cpu, next, 1);
        }

        _silent = false;
        foreach (AnyTask task in _tasks.Where(task => task.Cpu == cpu))
        {
            task.SeenRunning = false;
        }
    }

    private void Emit(int cpu, LaneRecord record)
    {
        if (_silent)
        {
            return;
        }

        if (_lost[cpu] > 0)
        {
            Source.AddLane(cpu, Lost(cpu, _now, (ulong)_lost[cpu]));
            _lost[cpu] = 0;
        }

        Source.AddLane(cpu, record);
    }

    private sealed class AnyTask(TaskReference task, int cpu)
    {
        public TaskReference Task { get; } = task;

        public int Cpu { get; set; } = cpu;

        public AnyState State { get; set; }

        public bool SeenRunning { get; set; }
    }

    private enum AnyState
    {
        Asleep,
        Ready,
        Running,
        Blocked,
    }
}
