using System.CommandLine;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Spans;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace serve`: the host service.</summary>
internal static class ServeCommand
{
    private const string TokenVariable = "ACTORTRACE_TOKEN";
    private const int MostRuns = 1000;
    private const int Mebi = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        var limits = new ServiceLimits();
        Option<string[]> urls = new("--urls")
        {
            Description = "Addresses to listen at. Loopback only unless you say otherwise; port 0 takes a free one.",
            HelpName = "URL",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [ServiceOptions.DefaultUrl],
        };
        Option<string> data = new("--data")
        {
            Description = "Folder for the journal of all runs; created where it is not there.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "actortrace-data",
        };
        Option<string?> token = new("--token")
        {
            Description = $"Token that every request must carry as 'Authorization: Bearer TOKEN'. Default: the environment variable {TokenVariable}, or none.",
            HelpName = "TOKEN",
        };
        Option<string?> jaeger = new("--jaeger")
        {
            Description = "Address of Jaeger's user interface: the page then links runs and causal chains to it.",
            HelpName = "URL",
        };
        Option<int> maxRuns = Limit("--max-runs", "Runs that are simulated or paused at the same time.", limits.MaxRuns);
        Option<string> maxSimulated = Time("--max-simulated", "Longest simulated time of a run.", "3600s");
        Option<string> maxTime = Time("--max-run-time", "Longest real time that a run is simulated; it is stopped then.", "14400s");
        Option<int> maxMemory = Limit("--max-memory", "MiB of guest memory of a run.", (int)(limits.MaxMemoryBytes >> Mebi));
        Option<int> maxUpload = Limit("--max-upload", "MiB of an upload, all files together.", (int)(limits.MaxUploadBytes >> Mebi));
        Option<int> maxReaders = Limit("--max-readers", "Readers that follow live events at the same time.", limits.MaxReaders);
        Option<string?> otlp = new("--otlp") { Description = "Receiver of OTLP that gets the spans of every run while it is simulated, e.g. http://localhost:4318.", HelpName = "URL" };
        Option<string?> protocol = new("--otlp-protocol") { Description = "grpc, or http with protobuf bodies. Default: grpc for port 4317, else http." };
        protocol.AcceptOnlyFromAmong(OtlpTarget.Grpc, OtlpTarget.Http);
        Option<int> scale = new("--time-scale")
        {
            Description = "Stretch simulated time so many times in spans and for Jaeger, which shows microseconds: 1000 makes them nanoseconds.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command("serve", "Runs the host service: runs are started, watched, controlled and replayed over HTTP, and in a page.")
        { urls, data, token, maxRuns, maxSimulated, maxTime, maxMemory, maxUpload, maxReaders, otlp, protocol, scale, jaeger };
        command.SetAction((p, _) => ServeAsync(context, new ServiceOptions
        {
            Urls = [.. p.GetRequiredValue(urls).Select(CheckUrl)],
            DataFolder = p.GetRequiredValue(data),
            Token = CheckToken(p.GetValue(token) ?? Environment.GetEnvironmentVariable(TokenVariable)),
            TimeScale = OtlpTarget.ReadScale(p.GetValue(scale)),
            Otlp = p.GetValue(otlp) is { } url
                ? new OtlpTarget(OtlpTarget.ReadReceiver("--otlp", url), p.GetValue(protocol), SpanKinds.Causal | SpanKinds.Lanes, OtlpTarget.ReadScale(p.GetValue(scale)))
                : null,
            Jaeger = CheckJaeger(p.GetValue(jaeger)),
            Limits = new ServiceLimits
            {
                MaxRuns = CheckLimit("--max-runs", p.GetValue(maxRuns), MostRuns),
                MaxSimulatedTime = CheckTime("--max-simulated", p.GetRequiredValue(maxSimulated)),
                MaxRunTime = CheckTime("--max-run-time", p.GetRequiredValue(maxTime)),
                MaxMemoryBytes = (long)CheckLimit("--max-memory", p.GetValue(maxMemory), int.MaxValue) << Mebi,
                MaxUploadBytes = (long)CheckLimit("--max-upload", p.GetValue(maxUpload), int.MaxValue) << Mebi,
                MaxReaders = CheckLimit("--max-readers", p.GetValue(maxReaders), int.MaxValue),
            },
        }));
        return command;
    }

    private static async Task<int> ServeAsync(CliContext context, ServiceOptions options)
    {
        if (options.Token is null && options.Urls.FirstOrDefault(url => !new Uri(url).IsLoopback) is { } open)
        {
            context.Error.WriteLine($"actortrace: --urls {open}: whoever reaches this address may use the service (give it a token with --token)");
        }

        using DataFolder folder = DataFolder.Take(options);
        await using WebApplication app = ServiceHost.Build(options, folder);
        try
        {
            await app.StartAsync(context.Stop);
        }
        catch (IOException e)
        {
            throw new CliFailureException($"--urls: {e.Message} (choose another port)");
        }

        foreach (string url in app.Urls)
        {
            context.Out.WriteLine($"listening on {url}");
        }

        context.Out.Flush();
        try
        {
            await app.WaitForShutdownAsync(context.Stop);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }

        return ExitCodes.Done;
    }

    private static Option<int> Limit(string name, string description, int byDefault) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => byDefault,
    };

    private static Option<string> Time(string name, string description, string byDefault) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => byDefault,
    };

    private static string CheckUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.AbsolutePath is "/"
            ? url
            : throw new InputException("--urls", $"'{url}' is no address to listen at", $"e.g. {ServiceOptions.DefaultUrl}");

    private static Uri? CheckJaeger(string? url) => url is null ? null
        : Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.Query.Length + address.Fragment.Length + address.UserInfo.Length == 0
            ? address
            : throw new InputException("--jaeger", $"'{url}' is no address of a page", "e.g. http://localhost:16686");

    private static string? CheckToken(string? token) => token is null || (token.Length >= 8 && token.All(c => c is > ' ' and < '\x7F'))
        ? token
        : throw new InputException("--token", "a token has at least 8 printable characters without blanks", "e.g. the output of 'openssl rand -hex 16'");

    private static int CheckLimit(string option, int value, int most) =>
        value >= 1 && value <= most ? value : throw new InputException(option, $"{value} is no limit", $"1 to {most}");

    private static TimeSpan CheckTime(string option, string text) => Quantity.Time(text) is { InCycles: false, Amount: > 0 } time
        ? TimeSpan.FromTicks((long)Math.Min(time.Amount / 100, (ulong)TimeSpan.MaxValue.Ticks))
        : throw new InputException(option, $"'{text}' is no time", Quantity.TimeHelp);
}
