using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;
using ActorTrace.Traces.Tests.Tools;

namespace ActorTrace.EndToEnd;

/// <summary>What the unmodified KernelShark draws of the paper's scenario, pixel by pixel.</summary>
public sealed class KernelSharkTests : IDisposable
{
    private const int Width = 1600;
    private const int Height = 1000;
    private const int LaneHeight = 20;

    // It says what it loads, and that the trace of no virtual machine has nothing for the plugin of virtual machines.
    private static readonly string[] Harmless = ["Loading  \"trace.dat\"", "plugin \"kvm_combo\" failed to initialize on stream trace.dat"];

    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Its_CPU_lanes_are_coloured_where_tasks_run_and_nowhere_else()
    {
        var source = new MemorySource(SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 400ms")).Journal);
        string trace = _folder.File("trace.dat");
        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos, new EventSelection(From: 60_000_000, Until: 120_000_000)), trace);
        SeenTrace shown = TraceCmd.Report(trace);
        byte[] pixels = Shot(trace);

        int[] lines = [.. Enumerable.Range(90, 200).Where(y => Line(pixels, y).Length > Width / 2)];
        Assert.True(lines.Length >= 3, "the time axis and the base lines of two CPUs are not there");
        for (int cpu = 0; cpu < 2; cpu++)
        {
            CompareLane(pixels, lines[^(2 - cpu)], shown, cpu);
        }
    }

    /// <summary>Every column in which one task runs from edge to edge is coloured; every one far from any task is not.</summary>
    private static void CompareLane(byte[] pixels, int baseLine, SeenTrace shown, int cpu)
    {
        (int start, int length) = Line(pixels, baseLine);
        ulong first = shown.Events[0].At;
        double perColumn = (double)(shown.Events[^1].At - first) / length;
        (double From, double Until)[] busy =
        [
            .. shown.Stays().Where(s => s.Cpu == cpu && s.Pid != 0 && s.Run > 0)
                .Select(s => ((s.Until - s.Run - first) / perColumn, (s.Until - first) / perColumn)),
        ];
        (int running, int coloured) = (0, 0);
        for (int column = 3; column < length - 3; column++)
        {
            bool colour = Enumerable.Range(baseLine - LaneHeight, LaneHeight - 2).Any(y => IsColour(pixels, start + column, y));
            Assert.True(!colour || busy.Any(b => b.From < column + 3 && b.Until > column - 3), $"CPU {cpu}: column {column} is coloured where no task runs");
            if (busy.Any(b => b.From < column - 1 && b.Until > column + 2))
            {
                running++;
                coloured += colour ? 1 : 0;
            }
        }

        Assert.True(running > 5, $"CPU {cpu}: {running} columns are too few to compare");
        Assert.Equal(running, coloured);
    }

    private byte[] Shot(string trace)
    {
        string picture = _folder.File("shot.png");
        (_, string errors, int code) = Tool.Run(null, Path.Combine(Workspace.Root, "ops", "kernelshark-shot.sh"), trace, picture, "--cpu", "0,1");
        Skip.If(code == 2, errors.Trim());
        Assert.Equal(0, code);
        Assert.Empty(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(Harmless, StringComparer.Ordinal));
        string raw = _folder.File("shot.rgb");
        Tool.Lines("convert", picture, "-depth", "8", raw);
        byte[] pixels = File.ReadAllBytes(raw);
        Assert.Equal(3 * Width * Height, pixels.Length);
        return pixels;
    }

    /// <summary>The longest run of black in a row of pixels.</summary>
    private static (int Start, int Length) Line(byte[] pixels, int y)
    {
        (int Start, int Length) best = default;
        int start = 0;
        for (int x = 0; x <= Width; x++)
        {
            if (x < Width && Sum(pixels, x, y) < 60)
            {
                continue;
            }

            best = x - start > best.Length ? (start, x - start) : best;
            start = x + 1;
        }

        return best;
    }

    private static int Sum(byte[] pixels, int x, int y) => pixels.AsSpan(3 * ((y * Width) + x), 3).ToArray().Sum(c => c);

    private static bool IsColour(byte[] pixels, int x, int y)
    {
        byte[] pixel = pixels[(3 * ((y * Width) + x))..(3 * ((y * Width) + x + 1))];
        return pixel.Max() - pixel.Min() > 60;
    }
}
