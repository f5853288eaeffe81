using System.Globalization;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>An event type as a file describes it (tracefs events/SYSTEM/NAME/format).</summary>
/// <param name="System">Tracing subsystem.</param>
/// <param name="Name">Event name.</param>
/// <param name="Id">Its number in the records.</param>
/// <param name="Common">The fields that all records begin with.</param>
/// <param name="Fields">The fields of its own.</param>
internal sealed record RecordedFormat(
    string System, string Name, int Id, IReadOnlyList<RecordedField> Common, IReadOnlyList<RecordedField> Fields)
{
    /// <summary>Longer texts are refused; the longest of Linux 6.1 has 10 KiB.</summary>
    public const int LongestText = 1 << 18;

    // Records are smaller than a page, and no page is larger.
    private const int MostOffset = PageLayout.MostPageBytes;
    private const int MostFields = 1024;

    /// <summary>Reads a format text.</summary>
    /// <exception cref="TraceFileException">It has no name or number, or a field outside any record.</exception>
    public static RecordedFormat Parse(string system, string text, TracePlace place)
    {
        string? name = null;
        int? id = null;
        var common = new List<RecordedField>();
        var fields = new List<RecordedField>();
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (line.StartsWith("print fmt:", StringComparison.Ordinal))
            {
                break;
            }

            if (line.StartsWith("name:", StringComparison.Ordinal))
            {
                name = line["name:".Length..].Trim().ToString();
            }
            else if (line.StartsWith("ID:", StringComparison.Ordinal))
            {
                id = int.TryParse(line["ID:".Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
            }
            else if (line.StartsWith("field:", StringComparison.Ordinal))
            {
                RecordedField field = ParseField(line) ?? throw new TraceFileException(place, $"the format of {system}:{name} has a malformed field");
                (field.Name.StartsWith("common_", StringComparison.Ordinal) ? common : fields).Add(field);
                if (fields.Count + common.Count > MostFields)
                {
                    throw new TraceFileException(place, $"the format of {system}:{name} has more than {MostFields} fields");
                }
            }
        }

        return string.IsNullOrEmpty(name) || id is not (>= 0 and <= ushort.MaxValue)
            ? throw new TraceFileException(place, $"a format of system {system} has no name or no number of 16 bits")
            : new RecordedFormat(system, name, id.Value, common, fields);
    }

    /// <summary>Reads "field:DECLARATION; offset:N; size:N; signed:N;"; null where it is malformed. Old kernels do not write signed.</summary>
    public static RecordedField? ParseField(ReadOnlySpan<char> line)
    {
        int end = line.IndexOf(';');
        return end > 0
            && Number(line, "offset:") is { } offset and <= MostOffset
            && Number(line, "size:") is { } size and <= MostOffset
            ? RecordedField.Of(line["field:".Length..end].ToString(), offset, size, Number(line, "signed:") == 1)
            : null;
    }

    private static int? Number(ReadOnlySpan<char> line, string key)
    {
        int at = line.LastIndexOf(key, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = line[(at + key.Length)..];
        int end = rest.IndexOf(';');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
