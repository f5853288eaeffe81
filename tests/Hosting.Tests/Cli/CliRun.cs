using ActorTrace.Hosting.Cli;

namespace ActorTrace.Hosting.Tests.Cli;

/// <summary>What a command line did.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public static async Task<CliRun> Of(IEngine engine, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var bytes = new MemoryStream();
        var context = new CliContext(output, error, engine, new JournalFiles(), CancellationToken.None) { OpenOutput = () => bytes };
        int code = await CommandLine.RunAsync(args, context);
        return new CliRun(code, output + System.Text.Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }
}
