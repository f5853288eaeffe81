using System.Globalization;
using SystemProcess = System.Diagnostics.Process;

namespace ActorTrace.Service.Tests.Process;

/// <summary>The service as a process of its own; used over HTTP only.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "listening on ";

    private static readonly string[] Loopback = ["--urls", "http://127.0.0.1:0"];

    private readonly SystemProcess _process;

    private ServiceProcess(SystemProcess process, string url, Task<string> errors)
    {
        (_process, Errors) = (process, errors);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(100) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    /// <summary>What it wrote to standard error; done when it has ended.</summary>
    public Task<string> Errors { get; }

    /// <summary>Bytes of memory that it has now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static ServiceProcess Start(string data, params string[] options)
    {
        SystemProcess process = Cli.Start(["serve", .. options.Contains("--urls", StringComparer.Ordinal) ? [] : Loopback, "--data", data, .. options]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServiceProcess(process, line[Listening.Length..], errors);
            }
        }

        process.WaitForExit();
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the service ended with {process.ExitCode}: {errors.Result}"));
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
