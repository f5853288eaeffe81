using ActorTrace.Traces.Events;
using CsCheck;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>A run in which two CPUs schedule as a kernel does: tasks sleep, are woken, run, are preempted. What a tool computes of it is defined.</summary>
internal static class AnySchedule
{
    // What must be quoted, cut or replaced somewhere: a mark, a backslash, a comma, blanks, digits as in a line's head, 15 bytes and more.
    private static readonly string[] Names = ["init", "a \"b\\c\", d", "x-12 [003] d", "fifteen-letters", "longer than fifteen", "t\u00e2che \u6f22"];

    private static readonly Gen<ulong> Gaps = Gen.OneOf(
        Gen.ULong[0, 3], Gen.ULong[100, 90_000], Gen.ULong[100, 90_000], Gen.ULong[130_000_000, 140_000_000], Gen.ULong[4_294_967_290, 4_394_967_296]);

    private enum State
    {
        Asleep,
        Ready,
        OnCpu,
    }

    public static void Sample(Action<MemorySource> check, int iterations, ulong begin = 5_000) =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 9], Gen.Int[0, 999], Gaps).Array[2, 300].Sample(
            steps => check(Make(steps, begin)), iter: iterations, threads: 1);

    private static MemorySource Make((int Cpu, int What, int Choice, ulong Gap)[] steps, ulong begin)
    {
        ulong now = begin;
        var source = new MemorySource();
        Cpu[] cpus = [new(0), new(1)];

        // Each CPU begins with a switch: from there on both are seen.
        source.AddLane(0, cpus[0].Leave(now, 0, 2)!);
        source.AddLane(1, cpus[1].Leave(now, 0, 3)!);
        foreach ((int cpu, int what, int choice, ulong gap) in steps)
        {
            now += gap;
            TraceRecord? next = what switch
            {
                < 4 => cpus[cpu].Wake(now, choice),
                < 9 => cpus[cpu].Leave(now, what - 4, choice),
                _ => Marker(cpu, now, cpus[cpu].Current, "I|1|mark"),
            };
            if (next is not null)
            {
                source.AddLane(cpu, next);
            }
        }

        return source;
    }

    private sealed class Cpu
    {
        private readonly int _number;
        private readonly TaskReference _idle;
        private readonly TaskReference[] _tasks;
        private readonly State[] _states;

        public Cpu(int number)
        {
            _number = number;
            _idle = new TaskReference(0, $"swapper/{number}", 120);
            _tasks = [.. Names.Select((name, i) => new TaskReference((number * 2000) + 1 + i, name, number == 0 ? 120 - i : i))];
            _states = [.. Names.Select((_, i) => i % 2 == 0 ? State.Ready : State.Asleep)];
            Current = _idle;
        }

        public TaskReference Current { get; private set; }

        /// <summary>A wake-up of a task that sleeps; null where all are awake.</summary>
        public WakeupRecord? Wake(ulong at, int choice)
        {
            if (Choose(State.Asleep, choice) is not { } task)
            {
                return null;
            }

            _states[task] = State.Ready;
            return Wakeup(_number, at, Current, _tasks[task]);
        }

        /// <summary>A switch: the task that leaves is preempted (0, 1), waits without interruption (2) or sleeps; null where none comes.</summary>
        public SwitchRecord? Leave(ulong at, int how, int choice)
        {
            TaskReference leaves = Current;
            TaskReference comes = Choose(State.Ready, choice) is { } ready ? _tasks[ready] : _idle;
            if (comes.Pid == leaves.Pid || (comes.Pid == 0 && how < 2))
            {
                return null;
            }

            uint state = leaves.Pid == 0 || how < 2 ? 0u : how == 2 ? 2u : 1u;
            Set(leaves, state == 0 ? State.Ready : State.Asleep);
            Set(comes, State.OnCpu);
            Current = comes;
            return Switch(_number, at, leaves, state, comes);
        }

        private void Set(TaskReference task, State state)
        {
            if (task.Pid != 0)
            {
                _states[Array.IndexOf(_tasks, task)] = state;
            }
        }

        private int? Choose(State state, int choice)
        {
            int[] fitting = [.. Enumerable.Range(0, _states.Length).Where(i => _states[i] == state)];
            return fitting.Length == 0 ? null : fitting[choice % fitting.Length];
        }
    }
}
