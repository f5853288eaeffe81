using System.CommandLine;
using System.CommandLine.Help;
using ActorTrace.Hosting.Cli.Compare;
using ActorTrace.Hosting.Cli.Plot;
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
                throw Mistake(parsed);
            }

            var configuration = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            int code = await parsed.InvokeAsync(configuration, context.Stop);
            if (parsed.Action is HelpAction)
            {
                await context.Out.WriteLineAsync(HelpTexts.For(parsed.CommandResult.Command));
            }

            return code;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (string line, int code) = Failures.Describe(e, context.Stop.IsCancellationRequested);
            context.Error.WriteLine("actortrace: " + line);
            return code;
        }
    }

    /// <summary>What is wrong with a command line: an unknown word first, since it explains the other errors.</summary>
    private static InputException Mistake(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"see 'actortrace {NameOf(command)}--help'";
        if (parsed.UnmatchedTokens is [{ } word, ..])
        {
            string[] known = [.. word.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name)];
            string kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string? meant = Suggestion.Nearest(word, known);
            return new InputException("command line", $"unknown {kind} '{word}'", meant is null ? help : $"did you mean '{meant}'?");
        }

        string what = parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return new InputException("command line", LowerFirst(what), help);
    }

    /// <summary>A command's name as it is typed, with a blank behind it; empty for the root.</summary>
    private static string NameOf(Command command) => command is RootCommand ? ""
        : string.Concat(command.Parents.OfType<Command>().Select(NameOf)) + command.Name + " ";

    private static RootCommand Root(CliContext context) =>
        new("Simulates a multicore real-time virtualization system on real machine code and traces it into Linux trace formats.")
        {
            RunCommand.Create(context),
            ReplayCommand.Create(context),
            ExportCommand.Create(context),
            InspectCommand.Create(context),
            ReportCommand.Create(context),
            PlotCommand.Create(context),
            ListCommand.Create(context),
            VerifyCommand.Create(context),
            ResumeCommand.Create(context),
            ServeCommand.Create(context),
            ImportCommand.Create(context),
            ProfileCommand.Create(context),
            CompareCommand.Create(context),
        };

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
