using System.Collections.Concurrent;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Spans;

/// <summary>Names of a run's probes: what its guest's image has at the address where each was installed first.</summary>
/// <param name="symbols">Names addresses.</param>
internal sealed class ProbeNames(SymbolName symbols)
{
    // Read by others while the run is still being indexed.
    private readonly ConcurrentDictionary<ulong, string> _names = [];

    /// <summary>A probe is known from its installation on, which comes before its first hit.</summary>
    public void Learn(StepRecord step)
    {
        // A return probe is also put where its calls come back to: that is later.
        if (step.Step == StepKind.Install && !_names.ContainsKey(step.Detail))
        {
            _names[step.Detail] = symbols(step.Vcpu.Guest.Index, step.Pc);
        }
    }

    /// <summary>The name of a probe.</summary>
    public string NameOf(ulong probe) => _names.GetValueOrDefault(probe, "probe " + StepSpans.Hexadecimal(probe));
}
