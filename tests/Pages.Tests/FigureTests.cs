using ActorTrace.Traces.Formats;
using SkiaSharp;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The figures of `actortrace plot`, looked at with Chromium.</summary>
public sealed class FigureTests(PaperRun run, Browser browser) : IClassFixture<PaperRun>, IClassFixture<Browser>
{
    private const int Width = 1000;
    private const int Height = 420;

    [SkippableFact]
    public void The_picture_in_pixels_looks_like_the_one_in_lines()
    {
        (byte[] svg, long svgWidth, long svgHeight) = browser.Look(Plot("figure.svg"));
        (byte[] png, long pngWidth, long pngHeight) = browser.Look(Plot("figure.png"));
        Assert.Equal((Width, Height, Width, Height), (svgWidth, svgHeight, pngWidth, pngHeight));
        using SKBitmap lines = SKBitmap.Decode(svg);
        using SKBitmap pixels = SKBitmap.Decode(png);
        (int colored, int different) = (0, 0);
        foreach ((int x, int y) in Enumerable.Range(0, Width * Height).Select(i => (i % Width, i / Width)))
        {
            SKColor color = lines.GetPixel(x, y);
            colored += Distance(color, SKColors.White) > 60 ? 1 : 0;
            different += Distance(color, pixels.GetPixel(x, y)) > 120 ? 1 : 0;
        }

        // Text is of another font.
        Assert.InRange(colored, Width * Height / 50, Width * Height);
        Assert.InRange(different, 0, colored / 4);
    }

    [SkippableFact]
    public void The_figure_shows_a_task_where_it_ran()
    {
        TraceEvent[] switches = [.. run.Switches.Where(e => e.Cpu == 1 && e.Nanoseconds is > 100_000_000 and < 150_000_000)];
        int first = Array.FindIndex(switches, e => e.Text(1) is "RTOS-Task4");
        (byte[] png, _, _) = browser.Look(Plot("figure.png"));
        using SKBitmap pixels = SKBitmap.Decode(png);

        // A row through the middle of CPU 1's bar, which is the only wide one of its colours.
        int[] rows = [.. Enumerable.Range(0, Height).Where(y => Distance(pixels.GetPixel(X(switches[first].Nanoseconds) + 60, y), SKColors.White) > 100)];
        Assert.NotEmpty(rows);
        SKColor color = pixels.GetPixel(X(switches[first].Nanoseconds) + 60, rows[0] + 2);
        int[] columns = [.. Enumerable.Range(0, Width).Where(x => Distance(pixels.GetPixel(x, rows[0] + 2), color) < 30 && x < X(switches[first + 2].Nanoseconds))];
        Assert.InRange(columns[0] - X(switches[first].Nanoseconds), -2, 2);
        Assert.InRange(columns[^1] - X(switches[first + 1].Nanoseconds), -2, 2);
    }

    private string Plot(string name)
    {
        string target = run.FileOf(name);
        PaperRun.Command("plot", run.Journal, "--from", "100ms", "--until", "150ms", "--width", "1000", "--height", "420", "-o", target);
        return target;
    }

    /// <summary>Where an instant is: between the names at the left and the margin at the right.</summary>
    private static int X(ulong at) => (int)(160 + ((at - 100_000_000) * (Width - 170.0) / 50_000_000));

    private static int Distance(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
}
