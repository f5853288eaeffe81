using System.Diagnostics;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>`actortrace serve` in a process of its own, on a free port of loopback.</summary>
public sealed class ServiceProcess : IDisposable
{
    private const string Announcement = "listening on ";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("actortrace");
    private readonly Process _process;

    public ServiceProcess(params string[] options)
    {
        string[] arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", _data.FullName, .. options];
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "actortrace"), arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        string? line = _process.StandardOutput.ReadLine();
        Address = line?.StartsWith(Announcement, StringComparison.Ordinal) == true
            ? line[Announcement.Length..].TrimEnd('/') + "/"
            : throw new InvalidOperationException($"the service did not begin: {line}");
    }

    /// <summary>Where the page is.</summary>
    public string Address { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _data.Delete(recursive: true);
    }
}
