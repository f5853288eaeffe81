using ActorTrace.Hosting.Cli;

namespace ActorTrace.Telemetry.Tests;

/// <summary>Commands as they are typed.</summary>
internal static class Typed
{
    public static string Root { get; } = FindRoot();

    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None);
        return (await CommandLine.RunAsync(args, context), output.ToString(), error.ToString());
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ActorTrace.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run inside a checkout.");
    }
}
