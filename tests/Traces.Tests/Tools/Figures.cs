namespace ActorTrace.Traces.Tests.Tools;

/// <summary>From a wake-up, or from where a task was preempted, to the switch to it.</summary>
internal readonly record struct Wait(int Pid, ulong From, ulong Until)
{
    public ulong Nanoseconds => Until - From;
}

/// <summary>A row of perf sched timehist: a task leaves a CPU.</summary>
internal readonly record struct Stay(int Cpu, ulong Until, int Pid, ulong Delay, ulong Run);

/// <summary>The figures of a trace, by the definitions that the tools have.</summary>
internal static class Figures
{
    /// <summary>CPU time of each task over its stays that are seen from their begin to their end.</summary>
    public static Dictionary<int, ulong> RunTimes(this SeenTrace trace) => Sum(trace.Stays().Select(s => (s.Pid, s.Run)));

    /// <summary>Share of a time span that each task was on a CPU. Before a CPU's first switch ran the task that it leaves from.</summary>
    public static Dictionary<int, double> Shares(this SeenTrace trace, ulong from, ulong until)
    {
        List<(int Pid, ulong Time)> parts = [];
        foreach (IGrouping<int, SeenSwitch> cpu in trace.Switches.Where(s => s.At >= from && s.At <= until).GroupBy(s => s.Cpu))
        {
            ulong since = from;
            foreach (SeenSwitch change in cpu)
            {
                parts.Add((change.Previous.Pid, change.At - since));
                since = change.At;
            }

            parts.Add((cpu.Last().Next.Pid, until - since));
        }

        return Sum(parts).Where(p => p.Key != 0).ToDictionary(p => p.Key, p => (double)p.Value / (until - from));
    }

    /// <summary>Every stay that a switch ends and another began; the delay is that from the first wake-up since the task last left.</summary>
    public static IEnumerable<Stay> Stays(this SeenTrace trace)
    {
        Dictionary<int, ulong> since = [];
        Dictionary<int, ulong> woken = [];
        foreach (SeenEvent next in trace.Events)
        {
            if (next is SeenWakeup { Name: "sched_wakeup" } wakeup)
            {
                woken.TryAdd(wakeup.Task.Pid, wakeup.At);
            }
            else if (next is SeenSwitch change)
            {
                int pid = change.Previous.Pid;
                bool known = since.TryGetValue(change.Cpu, out ulong begin);
                ulong delay = known && pid != 0 && woken.TryGetValue(pid, out ulong at) && at <= begin ? begin - at : 0;
                woken.Remove(pid);
                since[change.Cpu] = change.At;
                yield return new Stay(change.Cpu, change.At, pid, delay, known ? change.At - begin : 0);
            }
        }
    }

    /// <summary>trace-cmd report -w: from the last wake-up before a switch to the task.</summary>
    public static IEnumerable<Wait> FromLastWakeup(this SeenTrace trace) => FromWakeups(trace, (woken, wakeup, _) => woken[wakeup.Task.Pid] = wakeup.At);

    /// <summary>lttng-analyses: from the first wake-up of a task that is on no CPU.</summary>
    public static IEnumerable<Wait> FromFirstWakeup(this SeenTrace trace) => FromWakeups(trace, (woken, wakeup, running) =>
    {
        if (!running.ContainsValue(wakeup.Task.Pid))
        {
            woken.TryAdd(wakeup.Task.Pid, wakeup.At);
        }
    });

    private static IEnumerable<Wait> FromWakeups(SeenTrace trace, Action<Dictionary<int, ulong>, SeenWakeup, Dictionary<int, int>> wake)
    {
        Dictionary<int, ulong> woken = [];
        Dictionary<int, int> running = [];
        foreach (SeenEvent next in trace.Events)
        {
            if (next is SeenWakeup { Name: "sched_wakeup" } wakeup)
            {
                wake(woken, wakeup, running);
            }
            else if (next is SeenSwitch change)
            {
                running[change.Cpu] = change.Next.Pid;
                if (change.Next.Pid != 0 && woken.Remove(change.Next.Pid, out ulong at))
                {
                    yield return new Wait(change.Next.Pid, at, change.At);
                }
            }
        }
    }

    /// <summary>
    /// perf sched latency: from a wake-up of a task that sleeps, or from its preemption, to the switch to it. A task that was never seen
    /// before it is switched to has waited 0.
    /// </summary>
    public static IEnumerable<Wait> InRunQueue(this SeenTrace trace)
    {
        // Null: on a CPU, or asleep; which of both tells the second value.
        Dictionary<int, (ulong? Since, bool Sleeps)> tasks = [];
        foreach (SeenEvent next in trace.Events)
        {
            if (next is SeenWakeup { Name: "sched_wakeup" } wakeup)
            {
                if (!tasks.TryGetValue(wakeup.Task.Pid, out (ulong? Since, bool Sleeps) task) || task.Sleeps)
                {
                    tasks[wakeup.Task.Pid] = (wakeup.At, false);
                }
            }
            else if (next is SeenSwitch change)
            {
                bool preempted = change.State is "R";
                tasks[change.Previous.Pid] = (preempted ? change.At : null, !preempted);
                (ulong? Since, bool Sleeps) comes = tasks.TryGetValue(change.Next.Pid, out var known) ? known : (change.At, false);
                if (comes.Since is { } since)
                {
                    tasks[change.Next.Pid] = (null, false);
                    yield return new Wait(change.Next.Pid, since, change.At);
                }
            }
        }
    }

    private static Dictionary<int, ulong> Sum(IEnumerable<(int Pid, ulong Time)> parts) =>
        parts.GroupBy(p => p.Pid).ToDictionary(g => g.Key, g => g.Aggregate(0UL, (sum, p) => sum + p.Time));
}
