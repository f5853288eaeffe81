using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Spans;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>The paper's scenario, run into a journal of its own.</summary>
internal sealed class RecordedRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");
    private IOpenJournal? _journal;

    private RecordedRun()
    {
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "j.atj");

    public IOpenJournal Journal => _journal ??= new JournalFiles().Open(Path);

    public string Id => Journal.Runs[^1];

    public static async Task<RecordedRun> MakeAsync(string duration)
    {
        var run = new RecordedRun();
        (int code, _, string error) = await Typed.RunAsync(
            "run", System.IO.Path.Combine(Typed.Root, "scenarios", "arndale.yaml"), "--for", duration, "--journal", run.Path);
        Assert.True(code == 0, error);
        return run;
    }

    public SpanSource Source()
    {
        ITraceSource records = Journal.Read(Id);
        return new SpanSource(records, Id, ImageSymbols.Of(records.Manifest));
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _folder.Delete(recursive: true);
    }
}
