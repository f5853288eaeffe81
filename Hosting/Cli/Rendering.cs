using System.Globalization;
using ActorTrace.Traces.Analysis.Report;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>Tables and numbers of the text output: the same everywhere, whatever the terminal and the culture.</summary>
internal static class Rendering
{
    private const int PipeWidth = 160;
    private const int BarCells = 16;
    private const string BarHeights = " ▁▂▃▄▅▆▇█";

    /// <summary>An empty table; columns after the first whose name ends in # are numbers, shown right-aligned.</summary>
    public static Table Table(params IReadOnlyList<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string name in columns)
        {
            bool number = name.EndsWith('#');
            var column = new TableColumn(Markup.Escape(number ? name[..^1] : name)) { NoWrap = true };
            table.AddColumn(number ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Row(Table table, params IReadOnlyList<string> cells) => table.AddRow([.. cells.Select(c => new Text(c))]);

    /// <summary>Writes a table; a pipe gets no colours and a fixed width.</summary>
    public static void Write(TextWriter output, Table table)
    {
        bool terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!terminal)
        {
            console.Profile.Width = PipeWidth;
        }

        console.Write(table);
    }

    /// <summary>Writes a table under a line that says what it is; nothing where it has no rows.</summary>
    public static void Section(TextWriter output, string title, Table table)
    {
        if (table.Rows.Count > 0)
        {
            output.WriteLine(title);
            Write(output, table);
        }
    }

    /// <summary>A count with thousands separated.</summary>
    public static string Number(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A time in seconds with nanoseconds.</summary>
    public static string Seconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds % 1_000_000_000:d9} s");

    /// <summary>A time in milliseconds with microseconds.</summary>
    public static string Milliseconds(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.000} ms");

    /// <summary>A length of time in the unit that shows it best, with three digits behind the point.</summary>
    public static string Duration(ulong nanoseconds)
    {
        (double divisor, string format) = nanoseconds switch
        {
            < 1_000 => (1, "0 'ns'"),
            < 1_000_000 => (1e3, "0.000 'us'"),
            < 1_000_000_000 => (1e6, "0.000 'ms'"),
            _ => (1e9, "0.000 's'"),
        };
        return (nanoseconds / divisor).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A histogram of a distribution in one line, from its shortest time to its longest.</summary>
    public static string Bars(Distribution figure)
    {
        var cells = new ulong[BarCells];
        double span = Math.Max(figure.Max - figure.Min, 1);
        foreach (DistributionBin bin in figure.Bins)
        {
            double middle = Math.Clamp(bin.From + ((bin.To - bin.From) / 2), figure.Min, figure.Max) - figure.Min;
            cells[Math.Min((int)(middle / span * BarCells), BarCells - 1)] += bin.Count;
        }

        double most = Math.Max(cells.Max(), 1);
        return string.Concat(cells.Select(count => BarHeights[(int)Math.Ceiling(count / most * (BarHeights.Length - 1))]));
    }

    /// <summary>A share of 0..1 in percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");
}
