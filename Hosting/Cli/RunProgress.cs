using System.Globalization;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli;

/// <summary>Shows how far a run is.</summary>
/// <param name="output">Where to.</param>
/// <param name="terminal">True where the line may be rewritten.</param>
/// <param name="end">Where the run will end.</param>
/// <param name="clock">The board's clocks.</param>
internal sealed class RunProgress(TextWriter output, bool terminal, VirtualInstant end, ClockRates clock) : IProgress<VirtualInstant>
{
    private readonly ProgressLine _line = new(output, terminal);

    /// <summary>Real seconds since the run began.</summary>
    public double Seconds => _line.Seconds;

    /// <inheritdoc/>
    public void Report(VirtualInstant value) => _line.Show(wall => Line(value, wall));

    /// <summary>Removes the line from the terminal.</summary>
    public void Clear() => _line.Clear();

    private string Line(VirtualInstant at, double wall)
    {
        double simulated = clock.ToNanoseconds(at) / 1e9;
        double whole = clock.ToNanoseconds(end) / 1e9;
        double speed = simulated / wall;
        string eta = speed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, whole - simulated) / speed:0} s") : "?";
        return string.Create(CultureInfo.InvariantCulture, $"simulated {simulated:0.000} of {whole:0.000} s, {speed:0.000} x real time, ETA {eta}");
    }
}
