using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>`actortrace export` as it is typed.</summary>
public sealed class ExportCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string Journal => Path.Combine(_folder.FullName, "j.atj");

    public async Task InitializeAsync() => Assert.Equal(
        0, (await Typed.RunAsync("run", Path.Combine(Typed.Root, "scenarios", "arndale.yaml"), "--for", "250ms", "--journal", Journal)).Code);

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task A_run_arrives_whole_and_a_second_export_adds_nothing(string protocol)
    {
        await using Receiver receiver = await Receiver.StartAsync(keeps: true);
        string url = (protocol is "grpc" ? receiver.Grpc : receiver.Http).ToString();

        (int code, string output, string error) = await Typed.RunAsync("export", Journal, "--otlp", url, "--protocol", protocol);
        int once = receiver.Spans.Count;
        await Typed.RunAsync("export", Journal, "--otlp", url, "--protocol", protocol);

        Assert.Equal((0, ""), (code, error));
        Match count = Regex.Match(output, @"^run \S+: (?<spans>[\d,]+) spans accepted by \S+, 0 rejected", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Equal(once, int.Parse(count.Groups["spans"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.Equal(once, receiver.Spans.Count);
        Assert.All(receiver.Spans.Values, times => Assert.Equal(2, times));
        Assert.Contains(receiver.Kept, kept => kept is { Service: "guest ucos", Span.Name: "hit OSTaskSwHook" or "hit OSIntCtxSw" });
        Assert.Contains(receiver.Kept, kept => kept is { Service: "guest android", Span.Name: "log Switch" });
    }

    [Fact]
    public async Task What_cannot_be_reached_is_one_line_that_says_how_to_go_on()
    {
        (int code, _, string error) = await Typed.RunAsync("export", Journal, "--otlp", "http://127.0.0.1:1", "--give-up", "1ms");

        Assert.Equal(1, code);
        Assert.Matches(@"^actortrace: http://127\.0\.0\.1:1/v1/traces: .*: 0 spans were sent \(go on with --skip 0\)\s$", error);
    }

    [Theory]
    [InlineData("--otlp", "localhost:4318", "no http or https address")]
    [InlineData("--time-scale", "0", "is no scale")]
    [InlineData("--skip", "-1", "is no number of spans")]
    [InlineData("--give-up", "soon", "is no time")]
    public async Task Bad_options_are_named(string option, string value, string what)
    {
        string[] url = option is "--otlp" ? [] : ["--otlp", "http://127.0.0.1:1"];
        (int code, _, string error) = await Typed.RunAsync(["export", Journal, .. url, option, value]);

        Assert.Equal(2, code);
        Assert.StartsWith($"actortrace: {option}: ", error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
    }
}
