using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis;

/// <summary>Adds up the steps of one core.</summary>
internal sealed class CoreAccount
{
    private readonly SortedDictionary<StepKind, ulong> _steps = [];
    private readonly SortedDictionary<CostCategory, ulong> _cycles = [];

    public void Add(StepRecord step)
    {
        _steps[step.Step] = _steps.GetValueOrDefault(step.Step) + 1;
        ulong charged = step.End - step.Start;
        if (charged > 0 && step.Category != CostCategory.None)
        {
            _cycles[step.Category] = _cycles.GetValueOrDefault(step.Category) + charged;
        }
    }

    public CoreSummary Summary(CoreId core) => new(core, _steps, _cycles);
}
