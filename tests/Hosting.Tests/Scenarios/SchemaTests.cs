using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Boards;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using Xunit;

namespace ActorTrace.Hosting.Tests.Scenarios;

/// <summary>The published schema says what the loader does.</summary>
public class SchemaTests
{
    public static TheoryData<string> ScenarioFiles { get; } =
    [
        .. new[] { "", "baselines", "validate" }
            .SelectMany(folder => Directory.EnumerateFiles(Checkout.File("scenarios", folder), "*.yaml"))
            .Select(f => Path.GetRelativePath(Checkout.File("scenarios"), f)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(ScenarioFiles))]
    public async Task Every_scenario_that_is_published_follows_the_schema(string file)
    {
        JsonSchema schema = await Schema();
        JToken document = ToJson(YamlText.Parse(file, await File.ReadAllTextAsync(Checkout.File("scenarios", file)))[0]);
        Assert.Empty(schema.Validate(document));
    }

    [Theory]
    [InlineData("guests:", "gust:")]
    [InlineData("    core: 0", "    croe: 0")]
    [InlineData("    core: 0", "    cores: [0, 8]")]
    [InlineData("    core: 0", "    cores: []")]
    [InlineData("    core: 0", "    core: 0\n    vcpus: 9")]
    [InlineData("10ms", "10")]
    [InlineData("10ms", "10 minutes")]
    [InlineData("name: small", "name: Small one")]
    [InlineData("cores: 2", "cores: 9")]
    [InlineData("preset: custom", "preset: arndael")]
    [InlineData("hypervisor: none", "hypervisor: maybe")]
    [InlineData("elf: rtos.elf", "elf: [a]")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\ntrace: {ringSlots: 12}")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    ram: 64MB")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\n    profile: ../secret")]
    [InlineData("elf: rtos.elf", "elf: rtos.elf\ncontrol: [{at: 1ms, file: trace/enabel, value: 1}]")]
    [InlineData("cyclesPerInstruction: 64}", "cyclesPerInstruction: 64}\n  costs: {trap-entri: 1}")]
    public async Task What_the_schema_refuses_the_loader_refuses_too(string replace, string with)
    {
        JsonSchema schema = await Schema();
        string text = ScenarioText.Good.Replace(replace, with, StringComparison.Ordinal);
        Assert.NotEmpty(schema.Validate(ToJson(YamlText.Parse("s.yaml", text)[0])));
        Assert.Empty(schema.Validate(ToJson(YamlText.Parse("s.yaml", ScenarioText.Good)[0])));

        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder, replace, with);
        Assert.Throws<InputException>(() => ScenarioLoader.LoadFile(path, ScenarioChanges.None));
    }

    [Fact]
    public async Task The_schema_names_every_cost_of_the_table()
    {
        JObject schema = JObject.Parse(await File.ReadAllTextAsync(Checkout.File("scenarios", "schema.json")));
        var named = (JObject)schema["definitions"]!["costs"]!["properties"]!;
        Assert.True(CostTable.Names.Prepend("preset").Order(StringComparer.Ordinal)
            .SequenceEqual(named.Properties().Select(p => p.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    private static Task<JsonSchema> Schema() => JsonSchema.FromFileAsync(Checkout.File("scenarios", "schema.json"));

    /// <summary>YAML as an editor with the schema sees it: plain numbers and booleans have their types.</summary>
    private static JToken ToJson(YamlNode node) => node switch
    {
        YamlMap map => new JObject(map.Entries.Select(e => new JProperty(e.Key.Text, ToJson(e.Value)))),
        YamlList list => new JArray(list.Items.Select(ToJson)),
        YamlScalar { IsNull: true } => JValue.CreateNull(),
        YamlScalar { Plain: true, Text: "true" or "false" } flag => new JValue(bool.Parse(flag.Text)),
        YamlScalar { Plain: true } number when Quantity.Integer(number.Text) is { } value => new JValue((long)value),
        YamlScalar scalar => new JValue(scalar.Text),
        _ => throw new InvalidOperationException("no such node"),
    };
}
