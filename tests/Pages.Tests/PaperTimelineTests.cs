using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Timelines;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The timeline of the paper's experiment, by other ways to the same.</summary>
public sealed class PaperTimelineTests(PaperRun run) : IClassFixture<PaperRun>
{
    [Fact]
    public void A_trace_dat_of_the_board_view_shows_the_hypervisor_as_the_journal_does()
    {
        string path = run.FileOf("board.dat");
        TraceFormats.TraceDat.ToFile(new Replay(run.Source, TraceView.Board), path);
        using TraceFile file = TraceFile.Open(path);
        Timeline read = TimelineReader.OfFile("board.dat", file, TimelineWindow.All);
        Timeline recorded = TimelineReader.OfRun(run.Source, TimelineWindow.All);
        foreach (string key in (string[])["core:0", "core:1"])
        {
            string[] expected = Stays(recorded, key);
            Assert.InRange(expected.Length, 20, int.MaxValue);
            Assert.Equal(expected, Stays(read, key), StringComparer.Ordinal);
        }
    }

    [Fact]
    public void The_hypervisor_stays_as_long_as_its_records_say()
    {
        Timeline timeline = TimelineReader.OfRun(run.Source, TimelineWindow.All);
        for (int core = 0; core < run.Source.Manifest.Cores; core++)
        {
            StepRecord[] steps = [.. run.Source.ReadStream($"core-{core}").OfType<StepRecord>()];
            ulong[] entries = [.. steps.Where(s => s.Step == StepKind.Trap).Select(s => run.Source.Manifest.Clock.ToNanoseconds(s.Start))];
            ulong[] exits = [.. steps.Where(s => s.Step == StepKind.Resume).Select(s => run.Source.Manifest.Clock.ToNanoseconds(s.End))];
            TimelineSlice[] stays = [.. timeline.Find($"core:{core}")!.Slices];
            Assert.Equal(entries, stays.Select(s => s.Start));

            // Each stay ends at the first return behind its entry.
            Assert.All(stays[..^1], stay => Assert.Equal(exits.First(exit => exit > stay.Start), stay.End));
        }
    }

    /// <summary>All but the last one, which may be open where the trace ends.</summary>
    private static string[] Stays(Timeline timeline, string key) =>
        [.. timeline.Find(key)!.Slices.SkipLast(1).Select(slice => $"{slice.Start}-{slice.End} {timeline.Labels[slice.Label].Text}")];
}
