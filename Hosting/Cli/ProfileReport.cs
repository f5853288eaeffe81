using System.Globalization;
using System.Text.Json.Nodes;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli;

/// <summary>What `profile check` says; docs/CLI.md describes the JSON document.</summary>
/// <param name="profile">The profile.</param>
/// <param name="path">Its file.</param>
/// <param name="image">The image.</param>
/// <param name="check">What was found.</param>
/// <param name="root">Knows the places of the profile's keys.</param>
internal sealed class ProfileReport(KernelProfile profile, string path, ElfImage image, ProfileCheck check, MapReader root)
{
    /// <summary>True where nothing is missing.</summary>
    public bool Fits => check.Problems.Count == 0;

    /// <summary>Writes the report.</summary>
    public void Write(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(Json().ToJsonString(RunReportJson.Options));
            return;
        }

        string verdict = Fits ? "fits" : string.Create(CultureInfo.InvariantCulture, $"does not fit: {check.Problems.Count} missing or wrong");
        output.WriteLine($"profile {profile.Name} ({path}) on {image.Name}: {verdict}");
        Write(output, ["symbol", "address", "size#", "type"], check.Uses.Where(IsSymbol), u => [u.Name, Hex((uint)u.Value), Size(u), u.Type]);
        Write(output, ["constant", "value#"], Of(ProfileUseKind.Constant), u => [u.Name, u.Value.ToString(CultureInfo.InvariantCulture)]);
        Write(output, ["type", "size#", "is"], Of(ProfileUseKind.Type), u => [u.Name, Size(u), u.Type]);
        Write(output, ["field", "offset#", "size#", "type"], Of(ProfileUseKind.Field), u => [u.Name, Size(u.Value), Size(u), u.Type]);
        Write(output, ["key", "type", "expression"], check.Fields, f => [f.Key, f.Type, f.Text]);
        Write(
            output, ["probe set", "probe", "address", "state", "reads", "on", "is at"], Probes(),
            p => [p.Set, p.Probe.Name, Hex(p.Probe.Address.Value), State(p.Probe), Kind(p.Probe), Moment(p.Probe), image.Symbols.Describe(p.Probe.Address)]);
        foreach (ProfileException problem in check.Problems)
        {
            output.WriteLine(Line(problem));
        }
    }

    private static void Write<T>(TextWriter output, string[] columns, IEnumerable<T> rows, Func<T, string[]> cells)
    {
        Table table = Rendering.Table(columns);
        foreach (T row in rows)
        {
            Rendering.Row(table, cells(row));
        }

        if (table.Rows.Count > 0)
        {
            Rendering.Write(output, table);
        }
    }

    private JsonObject Json() => new()
    {
        ["profile"] = profile.Name,
        ["file"] = path,
        ["image"] = image.Name,
        ["fits"] = Fits,
        ["symbols"] = Array(check.Uses.Where(IsSymbol), u => new JsonObject
        {
            ["name"] = u.Name,
            ["address"] = (uint)u.Value,
            ["size"] = u.Size,
            ["type"] = u.Type,
        }),
        ["constants"] = Array(Of(ProfileUseKind.Constant), u => new JsonObject { ["name"] = u.Name, ["value"] = u.Value }),
        ["types"] = Array(Of(ProfileUseKind.Type), u => new JsonObject { ["name"] = u.Name, ["size"] = u.Size, ["is"] = u.Type }),
        ["fields"] = Array(Of(ProfileUseKind.Field), u => new JsonObject
        {
            ["name"] = u.Name,
            ["offset"] = u.Value,
            ["size"] = u.Size,
            ["type"] = u.Type,
        }),
        ["keys"] = Array(check.Fields, f => new JsonObject { ["key"] = f.Key, ["type"] = f.Type, ["expression"] = f.Text }),
        ["probes"] = Array(Probes(), p => new JsonObject
        {
            ["set"] = p.Set,
            ["name"] = p.Probe.Name,
            ["address"] = p.Probe.Address.Value,
            ["state"] = State(p.Probe),
            ["reads"] = Kind(p.Probe),
            ["on"] = Moment(p.Probe),
        }),
        ["problems"] = Array(check.Problems, p => new JsonObject
        {
            ["key"] = p.Field,
            ["place"] = root.PlaceOf(p.Field ?? "").ToString(),
            ["column"] = p.Column,
            ["problem"] = p.Problem,
            ["missing"] = p.MissingName,
            ["mend"] = ProfileReader.Meant(p),
        }),
    };

    private string Line(ProfileException problem)
    {
        string where = problem.Column > 0 ? string.Create(CultureInfo.InvariantCulture, $"column {problem.Column} of the expression: ") : "";
        string meant = ProfileReader.Meant(problem) is { } near ? $" ({near})" : "";
        return $"{root.PlaceOf(problem.Field ?? "")}: {problem.Field}: {where}{problem.Problem}{meant}";
    }

    private IEnumerable<ProfileUse> Of(ProfileUseKind kind) => check.Uses.Where(u => u.Kind == kind);

    private IEnumerable<(string Set, BoundProbe Probe)> Probes() => check.ProbeSets.SelectMany(s => s.Probes.Select(p => (s.Name, p)));

    private static bool IsSymbol(ProfileUse use) => use.Kind is ProfileUseKind.Variable or ProfileUseKind.Function;

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> node) => [.. items.Select(node)];

    private static string Hex(uint value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x8}");

    private static string Size(ProfileUse use) => use.Size == 0 ? "?" : Size(use.Size);

    private static string Size(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string State(BoundProbe probe) => probe.Encoding is CodeEncoding.Unknown ? "unknown" : probe.Encoding.ToString();

    private static string Kind(BoundProbe probe) => probe.Kind switch
    {
        ProbePointKind.Switch => "switch",
        ProbePointKind.ReadySet => "readySet",
        _ => "function",
    };

    private static string Moment(BoundProbe probe) => probe.Moment == ProbeMoment.Return ? "return" : "entry";
}
