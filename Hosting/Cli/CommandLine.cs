using System.CommandLine;
using System.CommandLine.Help;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Cli;

/// <summary>The command line of `actortrace`: parses, runs the command, and turns every failure into one line.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context)
    {
        try
        {
            ParseResult parsed = Root(context).Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            {
                string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
                string what = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
                throw new InputException("command line", LowerFirst(what), $"see 'actortrace {command}--help'");
            }

            var configuration = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, context.Stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (string line, int code) = Failures.Describe(e, context.Stop.IsCancellationRequested);
            context.Error.WriteLine("actortrace: " + line);
            return code;
        }
    }

    private static RootCommand Root(CliContext context) =>
        new("Simulates a multicore real-time virtualization system on real machine code and traces it into Linux trace formats.\n\n" + ExitCodes.Help)
        {
            RunCommand.Create(context),
            ReplayCommand.Create(context),
            InspectCommand.Create(context),
            ListCommand.Create(context),
            VerifyCommand.Create(context),
        };

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
