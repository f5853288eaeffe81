using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>
/// Where a core's time up to an instant went, in accounts that are kept apart from each other: charges (the steps that the
/// journal holds), instructions, waits for devices and idle time (the core's own counters). On a core whose guests are machine code, and where every
/// charge is recorded, they add up to the time: what <see cref="Gap"/> says.
/// </summary>
/// <param name="At">The instant, in cycles since power on.</param>
/// <param name="Charges">Cycles charged until then by category; categories without any are not there.</param>
/// <param name="Instructions">Instructions completed.</param>
/// <param name="InstructionCycles">What these took.</param>
/// <param name="DeviceCycles">What loads and stores waited for devices beside.</param>
/// <param name="IdleCycles">Cycles with nothing to run.</param>
public sealed record CycleAccount(
    ulong At, IReadOnlyDictionary<CostCategory, ulong> Charges, ulong Instructions, ulong InstructionCycles,
    ulong DeviceCycles, ulong IdleCycles)
{
    /// <summary>All charges.</summary>
    public ulong Charged => Charges.Values.Aggregate(0ul, (sum, cycles) => sum + cycles);

    /// <summary>Time that none of the accounts explains; of a modelled guest, whose work is no instructions, that work.</summary>
    public long Gap => checked((long)At - (long)(Charged + InstructionCycles + DeviceCycles + IdleCycles));

    /// <summary>Draws up the account of a core.</summary>
    /// <param name="source">The run.</param>
    /// <param name="core">The core.</param>
    /// <param name="reading">The core's counters at the instant.</param>
    public static CycleAccount Of(ITraceSource source, CoreId core, CoreReading reading)
    {
        ArgumentNullException.ThrowIfNull(source);
        var charges = new SortedDictionary<CostCategory, ulong>();
        foreach (StepRecord step in source.ReadStream(StreamNames.Core(core.Index)).OfType<StepRecord>())
        {
            if (step.Category != CostCategory.None && step.End > step.Start && step.Start < reading.At)
            {
                charges[step.Category] = charges.GetValueOrDefault(step.Category) + (step.End - step.Start);
            }
        }

        return new CycleAccount(
            reading.At.Cycles, charges, reading.Instructions, reading.Instructions * source.Manifest.Clock.CyclesPerInstruction,
            reading.DeviceCycles, reading.IdleCycles);
    }
}
