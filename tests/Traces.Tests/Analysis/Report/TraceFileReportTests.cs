using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats.Reading;
using Xunit;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>A trace file tells of tasks, CPUs and interrupts what the journal tells that it was made from.</summary>
public sealed class TraceFileReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(Habits.Move | Habits.ShowPreempted)]
    [InlineData(Habits.Lose | Habits.ShowPreempted)]
    internal void A_trace_dat_gives_the_figures_of_its_journal(Habits habits) => AnySchedule.Sample(
        source =>
        {
            string path = Path.Combine(_folder.FullName, "any.dat");
            TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), path);
            using TraceFile file = TraceFile.Open(path);
            foreach (ReportOptions options in (ReportOptions[])[ReportOptions.Everything, ReportOptions.Everything with { From = 2000, Until = 20_000 }])
            {
                TraceReport ofFile = Reporter.OfFile("test", file, options);
                TraceReport ofRun = Reporter.OfRun(source, options);
                Assert.Equivalent(ofRun with { Cpus = [.. ofRun.Cpus.Take(ofFile.Cpus.Count).Select(cpu => cpu with { Guest = string.Empty })] }, ofFile, strict: true);
                Assert.All(ofRun.Cpus.Skip(ofFile.Cpus.Count), cpu => Assert.Equal(0ul, cpu.Events));
            }
        },
        iterations: 40, habits);

    [SkippableFact]
    public void The_figures_of_a_real_Android_are_those_of_the_definitions()
    {
        using TraceFile file = TraceFile.Open(Captures.Path("android-systrace-2core-arm.txt"));

        TraceReport report = Reporter.OfFile("capture", file, ReportOptions.Everything);

        var reference = new ReferenceReport(sink => file.Send(sink, new EventTypes()));
        Assert.True(report.Tasks.Count > 50);
        Assert.All(report.Tasks, task => TaskFiguresTests.CompareTask(task, reference));
        Assert.Equal(report.Cpus.Aggregate(0ul, (sum, cpu) => sum + cpu.Busy), report.Tasks.Aggregate(0ul, (sum, task) => sum + task.RunTime));
    }
}
