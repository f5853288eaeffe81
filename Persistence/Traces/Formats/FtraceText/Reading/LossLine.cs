using System.Globalization;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>A line that says that events were lost: "CPU:1 [LOST 77 EVENTS]" of the kernel, "CPU:1 [77 EVENTS DROPPED]" of trace-cmd.</summary>
internal static class LossLine
{
    /// <summary>Reads a line; false where it says nothing of a loss.</summary>
    /// <param name="line">The line.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="count">How many; 0 where it does not say.</param>
    public static bool TryParse(ReadOnlySpan<char> line, out int cpu, out ulong count)
    {
        const string start = "CPU:";
        (cpu, count) = (0, 0);
        int open = line.IndexOf('[');
        if (!line.StartsWith(start, StringComparison.Ordinal) || open < 0
            || !int.TryParse(line[start.Length..open].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out cpu) || cpu >= FtraceLine.MostCpus)
        {
            return false;
        }

        ReadOnlySpan<char> said = line[(open + 1)..].TrimEnd(" ]");
        bool kernel = Strip(ref said, "LOST", "EVENTS");
        if (!kernel && !said.EndsWith("EVENTS DROPPED", StringComparison.Ordinal))
        {
            return false;
        }

        said = kernel ? said : said[..^"EVENTS DROPPED".Length].Trim();
        return said.IsEmpty || ulong.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }

    private static bool Strip(ref ReadOnlySpan<char> text, string first, string last)
    {
        bool matches = text.Length > first.Length + last.Length
            && text.StartsWith(first, StringComparison.Ordinal) && text.EndsWith(last, StringComparison.Ordinal);
        text = matches ? text[first.Length..^last.Length].Trim() : text;
        return matches;
    }
}
