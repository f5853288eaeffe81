namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Follows the interrupt handlers of one CPU; a nested handler belongs to the outermost one's stretch.</summary>
/// <param name="cpu">Its number.</param>
internal sealed class InterruptTracker(int cpu)
{
    private int _depth;
    private ulong _began;
    private int _irq;
    private string _name = string.Empty;

    /// <summary>A handler begins.</summary>
    public void Enter(ulong at, int irq, string name)
    {
        if (_depth++ == 0)
        {
            (_began, _irq, _name) = (at, irq, name);
        }
    }

    /// <summary>A handler ends.</summary>
    /// <returns>The stretch that ends with it; null where it was a nested one, or its begin was not seen.</returns>
    public InterruptStretch? Leave(ulong at)
    {
        if (_depth == 0 || --_depth > 0)
        {
            return null;
        }

        return new InterruptStretch(cpu, _began, at - _began, _irq, _name);
    }

    /// <summary>Events are missing.</summary>
    public void Forget() => _depth = 0;
}
