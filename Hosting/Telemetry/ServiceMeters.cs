using System.Diagnostics.Metrics;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Telemetry.Live;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>What can be measured of the service. Names follow OpenTelemetry's conventions; Prometheus has underscores for the dots.</summary>
internal sealed class ServiceMeters
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "ActorTrace";

    private readonly IRuns _runs;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes meters.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="export">The live export.</param>
    public ServiceMeters(IMeterFactory meters, IRuns runs, ExportTally export)
    {
        _runs = runs;
        Meter meter = meters.Create(Name);
        meter.CreateObservableGauge("actortrace.runs", ByState, "{run}", "Runs by state.");
        meter.CreateObservableGauge("actortrace.run.simulated", Simulated, "s", "Simulated time that a live run has reached.");
        meter.CreateObservableGauge("actortrace.run.duration", Durations, "s", "Simulated time at which a live run ends.");
        meter.CreateObservableGauge("actortrace.export.runs", () => export.Runs, "{run}", "Runs whose spans are being exported.");
        meter.CreateObservableGauge("actortrace.export.waiting", () => export.Waiting, "{span}", "Spans that are made and not taken by the receiver.");
        meter.CreateObservableCounter("actortrace.export.accepted", () => export.Accepted, "{span}", "Spans that the receiver took.");
        meter.CreateObservableCounter("actortrace.export.rejected", () => export.Rejected, "{span}", "Spans that the receiver left out.");
        meter.CreateObservableCounter("actortrace.export.repeated", () => export.Repeated, "{request}", "Requests sent again.");
        meter.CreateObservableCounter("actortrace.export.failed", () => export.Failed, "{run}", "Runs whose export the receiver refused.");
    }

    private IEnumerable<Measurement<int>> ByState()
    {
        ILookup<RunState, RunStatus> byState = _runs.List().ToLookup(run => run.State);
        return Enum.GetValues<RunState>().Select(state => new Measurement<int>(
            byState[state].Count(), new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant())));
    }

    private IEnumerable<Measurement<double>> Simulated() => Live(run => run.SimulatedNs);

    private IEnumerable<Measurement<double>> Durations() => Live(run => run.DurationNs);

    // Those that are over would make a series for each run that there ever was.
    private IEnumerable<Measurement<double>> Live(Func<RunStatus, ulong> nanoseconds) => _runs.List().Where(run => run.IsLive).Select(run => new Measurement<double>(
        nanoseconds(run) / 1e9, new KeyValuePair<string, object?>("run", run.Id), new KeyValuePair<string, object?>("scenario", run.Name)));
}
