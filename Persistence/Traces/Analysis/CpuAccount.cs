using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis;

/// <summary>Adds up what the tasks of one CPU do.</summary>
internal sealed class CpuAccount
{
    private readonly SortedDictionary<int, TaskAccount> _tasks = [];
    private TaskAccount? _running;
    private VirtualInstant _since;

    public ulong Events { get; private set; }

    public ulong Switches { get; private set; }

    public ulong Lost { get; private set; }

    public ulong Observed { get; private set; }

    /// <summary>The tasks by pid.</summary>
    public IEnumerable<TaskAccount> Tasks => _tasks.Values;

    public void Add(LaneRecord record)
    {
        Events++;
        switch (record)
        {
            case SwitchRecord change:
                Switch(change);
                break;
            case WakeupRecord wakeup:
                Task(wakeup.Task).Wake(wakeup.At);
                break;
            case LostRecordsRecord lost:
                // Who ran since the last record is not known, nor which jobs began or ended.
                Events--;
                Lost += lost.Count;
                _running = null;
                foreach (TaskAccount task in _tasks.Values)
                {
                    task.Forget();
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The run ends: the task that runs has run until here.</summary>
    public void End(VirtualInstant at) => Charge(at);

    private void Switch(SwitchRecord change)
    {
        Switches++;
        TaskAccount previous = Task(change.Current);
        if (ReferenceEquals(previous, _running))
        {
            Charge(change.At);
        }
        else if (_running is not null)
        {
            // Switches are missing, and no mark says so.
            _running.Forget();
            previous.Forget();
        }

        previous.SwitchOut(change.At, change.PreviousState);
        _running = Task(change.Next);
        _running.SwitchIn(change.At);
        _since = change.At;
    }

    private void Charge(VirtualInstant at)
    {
        if (_running is not null && at > _since)
        {
            _running.Charge(at - _since);
            Observed += at - _since;
        }

        _running = null;
    }

    private TaskAccount Task(TaskReference task)
    {
        if (!_tasks.TryGetValue(task.Pid, out TaskAccount? account))
        {
            _tasks.Add(task.Pid, account = new TaskAccount(task.Pid));
        }

        account.Comm = task.Comm;
        return account;
    }
}
