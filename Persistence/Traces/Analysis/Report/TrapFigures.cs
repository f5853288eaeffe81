using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Collects the stretches from entering the hypervisor to leaving it, and what they were for.</summary>
/// <param name="guests">Names of the guests.</param>
/// <param name="options">The window.</param>
internal sealed class TrapFigures(IReadOnlyList<string> guests, ReportOptions options)
{
    private readonly Dictionary<CoreId, (StepRecord Trap, ulong Start)> _entered = [];
    private readonly SortedDictionary<(byte Core, uint Class), Class> _classes = [];
    private readonly SortedDictionary<(byte Core, uint Immediate), (ulong Count, ulong Cycles)> _hypercalls = [];
    private readonly Samples _occupied = new();
    private readonly Longest<HypervisorStretch> _longest = new();

    /// <summary>A step, in order of time.</summary>
    public void Add(StepRecord step, ulong start, ulong end)
    {
        switch (step.Step)
        {
            case StepKind.Trap:
                _entered[step.Core] = (step, start);
                break;
            case StepKind.Resume when _entered.Remove(step.Core, out (StepRecord Trap, ulong Start) entered):
                if (entered.Start >= options.From && end < options.Until)
                {
                    Leave(entered.Trap, entered.Start, end - entered.Start, step.End - entered.Trap.Start);
                }

                break;
            case StepKind.Hypercall when start >= options.From && end < options.Until:
                (byte, uint) key = (step.Core.Index, (uint)step.Detail);
                (ulong count, ulong cycles) = _hypercalls.GetValueOrDefault(key);
                _hypercalls[key] = (count + 1, cycles + (step.End - step.Start));
                break;
            default:
                break;
        }
    }

    public HypervisorReport Complete(HypervisorReport report) => report with
    {
        Occupied = _occupied.Distribution(),
        Longest = _longest.Items(),
        Traps = [.. _classes.Select(pair => pair.Value.Report(new CoreId(pair.Key.Core), pair.Key.Class, Name(pair.Key.Class)))],
        Hypercalls = [.. _hypercalls.Select(pair => new HypercallReport(new CoreId(pair.Key.Core), pair.Key.Immediate, pair.Value.Count, pair.Value.Cycles))],
    };

    private void Leave(StepRecord trap, ulong from, ulong nanoseconds, ulong cycles)
    {
        uint exceptionClass = (uint)EventSymbols.ReasonOf(trap.Detail);
        _occupied.Add(nanoseconds);
        string guest = trap.Vcpu.Guest.Index < guests.Count ? guests[trap.Vcpu.Guest.Index] : string.Empty;
        _longest.Add(nanoseconds, new HypervisorStretch(trap.Core, from, nanoseconds, guest, Name(exceptionClass), trap.Pc));
        if (!_classes.TryGetValue((trap.Core.Index, exceptionClass), out Class? figures))
        {
            _classes.Add((trap.Core.Index, exceptionClass), figures = new Class());
        }

        figures.Add(nanoseconds, cycles);
    }

    private static string Name(uint exceptionClass) =>
        EventSymbols.HypervisorReasons.FirstOrDefault(row => row.Value == exceptionClass).Name ?? "UNKNOWN";

    private sealed class Class
    {
        private readonly Samples _durations = new();
        private ulong _cycles;

        public void Add(ulong nanoseconds, ulong cycles)
        {
            _durations.Add(nanoseconds);
            _cycles += cycles;
        }

        public TrapReport Report(CoreId core, uint exceptionClass, string name)
        {
            Distribution durations = _durations.Distribution();
            return new TrapReport(core, exceptionClass, name, durations.Count, _cycles, durations);
        }
    }
}
