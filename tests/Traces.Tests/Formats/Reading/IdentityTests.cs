using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>What is written and read again is what was there.</summary>
public sealed class IdentityTests : IDisposable
{
    private static readonly TaskReference Idle1 = new(0, "swapper/1", 120);
    private static readonly TaskReference A = new(2001, "RTOS-Task1", 10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Any_run_comes_back_from_a_trace_dat_to_the_nanosecond() => AnyRun.Sample(
        run => AssertSame(run.Source, TraceFormats.TraceDat, new EventList(), new EventList()),
        iterations: 60);

    [Fact]
    public void Any_run_comes_back_from_ftrace_text_to_the_microsecond() => AnyRun.Sample(
        run => AssertSame(
            run.Source, TraceFormats.Ftrace, new EventList(withTgid: true, microseconds: true), new EventList(withTgid: true, microseconds: true)),
        iterations: 60);

    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public void Any_kind_of_event_comes_back_from_a_trace_dat(TraceView view) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.TraceDat, new EventList(), new EventList(), view), iter: 60, threads: 1);

    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    public void Any_kind_of_event_comes_back_from_a_trace_dat_of_version_7(string compression) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.TraceDat7.Compressed(compression), new EventList(), new EventList(), TraceView.Board), iter: 60, threads: 1);

    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public void Any_kind_of_event_comes_back_from_ftrace_text(TraceView view) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.Ftrace, new EventList(true, true), new EventList(true, true), view), iter: 60, threads: 1);

    [Fact]
    public void Losses_come_back_on_their_CPU_with_their_number()
    {
        MemorySource source = new MemorySource()
            .AddLane(0, Switch(0, 50, A, 0, A), Switch(0, 250, A, 1, A))
            .AddLane(1, Switch(1, 100, Idle1, 0, A), Lost(1, 200, 77), Switch(1, 200, A, 1, Idle1), Lost(1, 300, 0), Switch(1, 300, Idle1, 0, A));
        AssertSame(source, TraceFormats.TraceDat, new EventList(), new EventList());
        AssertSame(source, TraceFormats.Ftrace, new EventList(microseconds: true), new EventList(microseconds: true));
    }

    private void AssertSame(MemorySource source, TraceFormat format, EventList went, EventList came, TraceView view = TraceView.Gpos)
    {
        string path = Path.Combine(_folder.FullName, "trace" + format.Extension);
        new Replay(source, view).Send(went);
        format.ToFile(new Replay(source, view), path);
        using TraceFile file = TraceFile.Open(path);
        TraceFileCounts counts = file.Send(came, new EventTypes());
        Assert.Equal(went.ByTimeAndCpu, came.ByTimeAndCpu, StringComparer.Ordinal);
        Assert.Equal(0, counts.BackwardTimes);
        Assert.InRange(file.Cpus, 1, 2);
    }
}
