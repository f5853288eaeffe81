using System.CommandLine;
using ActorTrace.Hosting.Validation;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace validate`: published measurements of the board beside those of the simulation.</summary>
internal static class ValidateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliContext context)
    {
        Option<bool> json = JournalArguments.Json();
        Option<bool> markdown = new("--markdown") { Description = "Print a section of Markdown on standard output." };
        Option<double> calibrated = Threshold("--calibrated", "calibrated", Thresholds.Default.Calibrated);
        Option<double> predicted = Threshold("--predicted", "predicted", Thresholds.Default.Predicted);
        var command = new Command(
            "validate",
            "Measures with machine-code guests what was published of the board, and tells how far each figure is off.")
        { json, markdown, calibrated, predicted };
        command.SetAction(async (p, stop) =>
        {
            if (p.GetValue(json) && p.GetValue(markdown))
            {
                throw new InputException("command line", "'--json' and '--markdown' exclude each other", "leave one of them out");
            }

            var thresholds = new Thresholds(Checked("--calibrated", p.GetValue(calibrated)), Checked("--predicted", p.GetValue(predicted)));
            IReadOnlyList<ValidationRow> rows = await Validator.RunAsync(PublishedFigures.All, thresholds, stop);
            if (p.GetValue(json))
            {
                context.Out.WriteLine(ValidationJson.Build(rows, thresholds).ToJsonString(RunReportJson.Options));
            }
            else if (p.GetValue(markdown))
            {
                ValidationMarkdown.Write(context.Out, rows, thresholds);
            }
            else
            {
                ValidationText.Write(context.Out, rows, thresholds);
            }

            return rows.Any(r => r.IsOver) ? ExitCodes.Failure : ExitCodes.Done;
        });
        return command;
    }

    private static Option<double> Threshold(string name, string kind, double value) => new(name)
    {
        Description = $"The error of a {kind} row, in per cent, from which on the exit code is 1.",
        HelpName = "PERCENT",
        DefaultValueFactory = _ => value,
    };

    private static double Checked(string option, double value) =>
        double.IsFinite(value) && value >= 0 ? value : throw new InputException(option, "this is no error in per cent", "a number from 0 on, e.g. 2");
}
