using ActorTrace.Hosting.Cli;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Timelines;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The paper's scenario, simulated once, with its page and what the journal says by itself.</summary>
public sealed class PaperRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private readonly IOpenJournal _journal;

    public PaperRun()
    {
        string path = Path.Combine(_folder.FullName, "paper.atj");
        using (var output = new StringWriter())
        using (var error = new StringWriter())
        {
            var context = new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None);
            string scenario = Path.Combine(Checkout.Root, "scenarios", "arndale.yaml");
            int code = CommandLine.RunAsync(["run", scenario, "--for", "200ms", "--journal", path], context).GetAwaiter().GetResult();
            Assert.True(code == ExitCodes.Done, error.ToString());
        }

        _journal = new JournalFiles().Open(path);
        Source = _journal.Read(_journal.Runs[0]);
        Page = Path.Combine(_folder.FullName, "paper.html");
        using (FileStream page = File.Create(Page))
        {
            HtmlReport.Write(page, TimelineReader.OfRun(Source, TimelineWindow.All));
        }

        var events = new EventList();
        new Replay(Source, TraceView.Gpos).Send(events);
        Events = events.All;
    }

    public ITraceSource Source { get; }

    public string Page { get; }

    /// <summary>The events of the gpos view.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    public IEnumerable<TraceEvent> Switches => Events.Where(e => e.Type == EventCatalogue.SchedSwitch);

    /// <summary>What went through a ring: where an arrow begins and ends.</summary>
    public IEnumerable<LaneRecord> Converted => Source.ReadStream("lane-2").OfType<LaneRecord>();

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }
}
