using ActorTrace.Traces.Alignment;

namespace ActorTrace.EndToEnd.Comparison;

/// <summary>The related work's ways of tracing and the paper's, on the same system.</summary>
public sealed class ComparisonTests
{
    private const string Written = "ACTORTRACE_WRITE_COMPARISON";
    private const double Ppm = 1e-6;

    [Fact]
    public void The_integrated_trace_has_every_switch_and_every_task_made_ready()
    {
        Coverage seen = Coverage.Of(Approaches.Integrated, Approaches.ViewOf(Approaches.Integrated));
        Assert.True(seen.Happened > 50, "the RTOS worked");
        Assert.Equal((seen.Happened, 0, seen.Readied), (seen.Seen, seen.Wrong, seen.Woken));
        Assert.Equal(seen.Seen, Approaches.Caused());
    }

    [Fact]
    public void The_host_alone_sees_no_task()
    {
        Coverage seen = Coverage.Of(Approaches.HostOnly, Approaches.ViewOf(Approaches.HostOnly));
        Assert.True(seen.Happened > 50 && Approaches.HostEvents() > 100, "the RTOS worked, and its core trapped");
        Assert.Equal((0, 0), (seen.Seen, seen.Woken));
    }

    [Fact]
    public void Merged_logs_have_every_switch_within_the_error_of_the_marks_and_the_crystals_drift()
    {
        Coverage seen = Coverage.Of(Approaches.PerGuest, Approaches.MergedLog);
        Assert.Equal((seen.Happened, 0, seen.Readied), (seen.Seen, seen.Wrong, seen.Woken));

        // The RTOS takes 24,000,720 counts for 1.00003 s: its clock is fast by 30 ppm.
        ClockFit fit = Approaches.Merged.Logs[1].Fit!;
        Assert.Equal(8, fit.Pairs);
        Assert.InRange(fit.Map.Drift, (-30 * Ppm) - (4 * fit.DriftError), (-30 * Ppm) + (4 * fit.DriftError));

        // No error of the time is larger than what a mark takes to the guest, and that is more than the fit can tell.
        Assert.InRange(seen.LargestError, fit.LargestResidual, 20_000);
    }

    [Fact]
    public void The_page_is_what_the_runs_give()
    {
        string path = Path.Combine(Workspace.Root, "docs", "COMPARISON.md");
        string made = ComparisonPage.Make();
        if (Environment.GetEnvironmentVariable(Written) is "1")
        {
            File.WriteAllText(path, made);
        }

        Assert.Equal(made, File.ReadAllText(path));
    }
}
