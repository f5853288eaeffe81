using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>What `trace-cmd report -t -R` says of a file, and the same said by our reader: "COMM-PID [CPU] SECONDS EVENT FIELD=VALUE ...".</summary>
internal static partial class ReportLines
{
    /// <summary>By trace-cmd: the raw fields, numbers in decimal.</summary>
    public static string[] ByTool(string path) =>
        [.. Tool.Lines("trace-cmd", "report", "-t", "-R", "-i", path).Where(line => !line.StartsWith("cpus=", StringComparison.Ordinal)).Select(Normalized)];

    /// <summary>By our reader: the fields that the type has, with those names.</summary>
    public static string[] ByReader(string path)
    {
        using TraceFile file = TraceFile.Open(path);
        var list = new Lines();
        file.Send(list, new EventTypes());
        return [.. list.All];
    }

    /// <summary>Numbers as decimal digits, blanks once.</summary>
    private static string Normalized(string line)
    {
        Match match = Line().Match(line);
        if (!match.Success)
        {
            return line;
        }

        string fields = Hexadecimal().Replace(
            match.Groups["args"].Value.Trim(),
            hex => ulong.Parse(hex.Groups["digits"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        return $"{match.Groups["comm"].Value.TrimStart()}-{match.Groups["pid"].Value} [{match.Groups["cpu"].Value}] {match.Groups["time"].Value} {match.Groups["event"].Value} {fields}";
    }

    [GeneratedRegex(@"^(?<comm>.*)-(?<pid>\d+) +\[(?<cpu>\d+)\] +(?<time>\d+\.\d+): (?<event>\w+): +(?<args>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<==)0x(?<digits>[0-9a-f]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hexadecimal();

    private sealed class Lines : ITraceEventSink
    {
        public List<string> All { get; } = [];

        public void Write(in TraceEvent next)
        {
            var fields = new List<string>();
            foreach (EventField field in next.Type.Fields)
            {
                fields.Add(string.Equals(field.Name, "fields", StringComparison.Ordinal) ? next.Text0
                    : string.Create(CultureInfo.InvariantCulture, $"{field.Name}={(field.IsText ? next.Text(field.Slot) : field.Signed ? $"{(long)next.Number(field.Slot)}" : $"{next.Number(field.Slot)}")}"));
            }

            string comm = next.Pid == 0 ? "<idle>" : next.Comm;
            All.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{comm}-{next.Pid} [{next.Cpu:d3}] {next.Nanoseconds / 1_000_000_000}.{next.Nanoseconds % 1_000_000_000:d9} {next.Type.Name} {string.Join(' ', fields)}"));
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count) => All.Add(
            count == 0 ? $"CPU:{cpu} [EVENTS DROPPED]" : string.Create(CultureInfo.InvariantCulture, $"CPU:{cpu} [{count} EVENTS DROPPED]"));
    }
}
