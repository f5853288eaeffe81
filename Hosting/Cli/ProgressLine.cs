namespace ActorTrace.Hosting.Cli;

/// <summary>Where progress is shown: a line that is rewritten on a terminal, now and then a new line elsewhere. Safe for several threads.</summary>
/// <param name="output">Where to.</param>
/// <param name="terminal">True where the line may be rewritten.</param>
internal sealed class ProgressLine(TextWriter output, bool terminal)
{
    private const double TerminalPeriod = 0.1;
    private const double PipePeriod = 5;
    private const int Width = 78;

    private readonly WallClock _wall = new();
    private readonly Lock _lock = new();
    private double _shown;
    private bool _drawn;

    /// <summary>Real seconds since it was made.</summary>
    public double Seconds => _wall.Seconds;

    /// <summary>Shows a line, unless one was shown just now.</summary>
    /// <param name="line">Makes the line of the real seconds since the beginning.</param>
    public void Show(Func<double, string> line)
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
            if (terminal)
            {
                output.Write("\r" + line(now).PadRight(Width));
            }
            else
            {
                output.WriteLine(line(now));
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
}
