namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>Time on the x axis of a figure.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">Last instant, later than the first.</param>
/// <param name="Left">Pixel of the first.</param>
/// <param name="Width">Pixels from first to last.</param>
internal readonly record struct FigureScale(ulong Start, ulong End, double Left, double Width)
{
    /// <summary>Nanoseconds of one pixel.</summary>
    public double Pixel => (End - Start) / Width;

    /// <summary>Where an instant is.</summary>
    public double X(ulong at) => Left + ((at - Start) * Width / (End - Start));

    /// <summary>The distance of marks on the axis: 1, 2 or 5 times a power of ten nanoseconds, at least so many pixels.</summary>
    public ulong Step(double pixels)
    {
        double least = Pixel * pixels;
        ulong power = 1;
        while (power * 10 <= least)
        {
            power *= 10;
        }

        return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power;
    }
}
