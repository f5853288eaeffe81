using System.Globalization;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli;

/// <summary>Shows how far a run is: a line that is rewritten on a terminal, now and then a new line elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="terminal">True where the line may be rewritten.</param>
/// <param name="end">Where the run will end.</param>
/// <param name="clock">The board's clocks.</param>
internal sealed class RunProgress(TextWriter output, bool terminal, VirtualInstant end, ClockRates clock) : IProgress<VirtualInstant>
{
    private const double TerminalPeriod = 0.1;
    private const double PipePeriod = 5;
    private const int Width = 78;

    private readonly WallClock _wall = new();
    private readonly Lock _lock = new();
    private double _shown;
    private bool _drawn;

    /// <summary>Real seconds since the run began.</summary>
    public double Seconds => _wall.Seconds;

    /// <inheritdoc/>
    public void Report(VirtualInstant value)
    {
        lock (_lock)
        {
            double now = _wall.Seconds;
            if (now - _shown < (terminal ? TerminalPeriod : PipePeriod))
            {
                return;
            }

            _shown = now;
            _drawn = true;
            string line = Line(value, now);
            if (terminal)
            {
                output.Write("\r" + line.PadRight(Width));
            }
            else
            {
                output.WriteLine(line);
            }
        }
    }

    /// <summary>Removes the line from the terminal.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (terminal && _drawn)
            {
                output.Write("\r" + new string(' ', Width) + "\r");
                _drawn = false;
            }
        }
    }

    private string Line(VirtualInstant at, double wall)
    {
        double simulated = clock.ToNanoseconds(at) / 1e9;
        double whole = clock.ToNanoseconds(end) / 1e9;
        double speed = simulated / wall;
        string eta = speed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, whole - simulated) / speed:0} s") : "?";
        return string.Create(CultureInfo.InvariantCulture, $"simulated {simulated:0.000} of {whole:0.000} s, {speed:0.000} x real time, ETA {eta}");
    }
}
