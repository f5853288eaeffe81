using ActorTrace.Hosting.Cli;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Xunit;

namespace ActorTrace.Pages.Tests;

/// <summary>The paper's scenario, simulated once, with its page and what the journal says by itself.</summary>
public sealed class PaperRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private readonly IOpenJournal _journal;

    public PaperRun()
    {
        Journal = FileOf("paper.atj");
        Page = FileOf("paper.html");
        Command("run", Path.Combine(Checkout.Root, "scenarios", "arndale.yaml"), "--for", "200ms", "--journal", Journal);
        Command("report", Journal, "--html", Page);
        _journal = new JournalFiles().Open(Journal);
        Source = _journal.Read(_journal.Runs[0]);
        var events = new EventList();
        new Replay(Source, TraceView.Gpos).Send(events);
        Events = events.All;
    }

    public string Journal { get; }

    public ITraceSource Source { get; }

    public string Page { get; }

    /// <summary>The events of the gpos view.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    public IEnumerable<TraceEvent> Switches => Events.Where(e => e.Type == EventCatalogue.SchedSwitch);

    /// <summary>What went through a ring: where an arrow begins and ends.</summary>
    public IEnumerable<LaneRecord> Converted => Source.ReadStream("lane-2").OfType<LaneRecord>();

    /// <summary>A file that goes away with the run.</summary>
    public string FileOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs `actortrace`.</summary>
    public static void Command(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None);
        int code = CommandLine.RunAsync(arguments, context).GetAwaiter().GetResult();
        Assert.True(code == ExitCodes.Done, error.ToString());
    }

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }
}
