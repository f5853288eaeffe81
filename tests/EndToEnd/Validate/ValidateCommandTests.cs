using System.Globalization;
using System.Text.Json;
using ActorTrace.Hosting.Cli;

namespace ActorTrace.EndToEnd.Validate;

/// <summary>`actortrace validate` as a user calls it.</summary>
public sealed class ValidateCommandTests
{
    private static readonly Lazy<(int Code, string Out)> Json = new(() => Run("validate", "--json"));

    /// <summary>The published figures: name, world, figure (cycles or us).</summary>
    public static TheoryData<string, string, double> Calibrated => new()
    {
        { "hypercall", "VM", 5326 },
        { "hypercall", "VM without VGIC", 2270 },
        { "MMIO in the hypervisor", "VM", 5990 },
        { "MMIO in the hypervisor", "VM without VGIC", 2851 },
        { "IPI", "VM", 14366 },
        { "IPI", "VM without VGIC", 32951 },
        { "EOI + ACK", "VM", 427 },
        { "EOI + ACK", "VM without VGIC", 13939 },
        { "null call", "native", 0.33 },
        { "context switch 2p/0K", "native", 2.40 },
        { "pipe", "native", 11.9 },
        { "context switch 2p/0K, SMP", "native", 5.98 },
        { "pipe, SMP", "native", 24.6 },
    };

    /// <summary>Those that nothing was chosen for.</summary>
    public static TheoryData<string, string, double> Predicted => new()
    {
        { "MMIO in user space", "VM without VGIC", 6704 },
        { "null call", "VM", 0.33 },
        { "context switch 2p/0K", "VM", 2.55 },
        { "context switch 2p/0K", "VM without VGIC", 15.18 },
        { "pipe", "VM", 12.5 },
        { "pipe", "VM without VGIC", 49.2 },
    };

    [Theory]
    [MemberData(nameof(Calibrated))]
    public void A_calibrated_figure_is_within_2_per_cent_of_the_published_one(string name, string world, double published)
    {
        JsonElement row = Row(name, world);
        Assert.Equal("calibrated", row.GetProperty("kind").GetString());
        Assert.Equal(published, row.GetProperty("published").GetDouble());
        Assert.InRange(row.GetProperty("ours").GetDouble(), published * 0.98, published * 1.02);
    }

    [Theory]
    [MemberData(nameof(Predicted))]
    public void A_predicted_figure_is_told_with_its_error(string name, string world, double published)
    {
        JsonElement row = Row(name, world);
        Assert.Equal("predicted", row.GetProperty("kind").GetString());
        Assert.Equal(published, row.GetProperty("published").GetDouble());
        double ours = row.GetProperty("ours").GetDouble();
        Assert.Equal((ours / published * 100) - 100, row.GetProperty("errorPercent").GetDouble(), 6);
        Assert.InRange(ours, published * 0.5, published * 1.5);
    }

    [Fact]
    public void What_is_not_modelled_says_why_and_is_not_judged()
    {
        JsonElement[] rows = [.. Rows().Where(r => string.Equals(r.GetProperty("kind").GetString(), "not modelled", StringComparison.Ordinal))];
        Assert.Equal(7, rows.Length);
        Assert.All(rows, r => Assert.False(r.GetProperty("over").GetBoolean()));
        Assert.All(rows, r => Assert.False(string.IsNullOrWhiteSpace(r.GetProperty("note").GetString())));
        Assert.Equal(JsonValueKind.Null, Row("trap alone", "VM").GetProperty("ours").ValueKind);
    }

    [Fact]
    public void All_rows_within_their_thresholds_are_a_success_and_every_row_has_the_same_keys()
    {
        Assert.Equal(ExitCodes.Done, Json.Value.Code);
        using JsonDocument document = JsonDocument.Parse(Json.Value.Out);
        Assert.True(document.RootElement.GetProperty("passed").GetBoolean());
        Assert.Equal(2, document.RootElement.GetProperty("thresholds").GetProperty("calibrated").GetDouble());
        const string Keys = "name world unit kind published ours errorPercent over note source scenario";
        Assert.All(Rows(), row => Assert.Equal(Keys, string.Join(' ', row.EnumerateObject().Select(p => p.Name))));
    }

    [Theory]
    [InlineData("--predicted", "20", "context switch 2p/0K", "VM without VGIC")]
    [InlineData("--calibrated", "0.1", "EOI + ACK", "VM")]
    public void A_row_over_its_threshold_is_marked_and_the_exit_code_is_1(string option, string value, string name, string world)
    {
        (int code, string text) = Run("validate", "--json", option, value);
        Assert.Equal(ExitCodes.Failure, code);
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.False(document.RootElement.GetProperty("passed").GetBoolean());
        JsonElement[] rows = [.. document.RootElement.GetProperty("rows").EnumerateArray()];
        double threshold = double.Parse(value, CultureInfo.InvariantCulture);
        string kind = option[2..];
        Assert.All(rows, r => Assert.Equal(
            string.Equals(r.GetProperty("kind").GetString(), kind, StringComparison.Ordinal) && Math.Abs(r.GetProperty("errorPercent").GetDouble()) > threshold,
            r.GetProperty("over").GetBoolean()));
        Assert.True(Find(rows, name, world).GetProperty("over").GetBoolean());
    }

    [Theory]
    [InlineData("--json", "--markdown")]
    [InlineData("--predicted", "-1")]
    [InlineData("--calibrated", "NaN")]
    public void An_impossible_command_line_begins_nothing(string first, string second)
    {
        (int code, string text) = Run("validate", first, second);
        Assert.Equal((ExitCodes.Usage, ""), (code, text));
    }

    [Fact]
    public void The_page_in_the_documents_is_what_the_command_writes() => Assert.Equal(
        File.ReadAllText(Path.Combine(Workspace.Root, "docs", "results", "validate.md")), Run("validate", "--markdown").Out);

    private static (int Code, string Out) Run(params string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.RunAsync(words, new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None))
            .GetAwaiter().GetResult();
        return (code, output.ToString());
    }

    private static JsonElement[] Rows()
    {
        using JsonDocument document = JsonDocument.Parse(Json.Value.Out);
        return [.. document.RootElement.GetProperty("rows").Clone().EnumerateArray()];
    }

    private static JsonElement Row(string name, string world) => Find(Rows(), name, world);

    private static JsonElement Find(JsonElement[] rows, string name, string world) => rows.Single(
        r => string.Equals(r.GetProperty("name").GetString(), name, StringComparison.Ordinal)
            && string.Equals(r.GetProperty("world").GetString(), world, StringComparison.Ordinal));
}
