namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Follows the stretches of priority inversion of one CPU.</summary>
/// <param name="cpu">Its number.</param>
internal sealed class InversionTracker(int cpu)
{
    private readonly List<(TaskName Task, ulong Nanoseconds)> _ran = [];
    private bool _open;
    private ulong _began;
    private ulong _since;
    private TaskName _victim;
    private TaskName _runs;

    /// <summary>A task of lower priority runs from now on while one of higher priority waits: a stretch begins or goes on.</summary>
    public void Continue(ulong at, TaskName victim, TaskName runs)
    {
        if (_open)
        {
            Charge(at);
        }
        else
        {
            (_open, _began, _victim) = (true, at, victim);
        }

        (_runs, _since) = (runs, at);
    }

    /// <summary>None does.</summary>
    /// <returns>The stretch that ends; null where there is none, or it took no time.</returns>
    public Inversion? End(ulong at)
    {
        if (!_open)
        {
            return null;
        }

        Charge(at);
        Inversion? ended = at == _began ? null : new Inversion(cpu, _began, at - _began, _victim, _ran.MaxBy(piece => piece.Nanoseconds).Task);
        Forget();
        return ended;
    }

    /// <summary>Events are missing.</summary>
    public void Forget()
    {
        _open = false;
        _ran.Clear();
    }

    private void Charge(ulong at)
    {
        int place = _ran.FindIndex(piece => piece.Task.Pid == _runs.Pid);
        if (place < 0)
        {
            _ran.Add((_runs, at - _since));
        }
        else
        {
            _ran[place] = (_runs, _ran[place].Nanoseconds + at - _since);
        }
    }
}
