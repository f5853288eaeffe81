using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrace.Actors.Hypervisor;

namespace ActorTrace.Actors.Scenarios;

/// <summary>The filter of probes as a user writes it: <c>none</c>, or any of <c>task=NAME</c>, <c>id=NUMBER</c>, <c>every=N</c> with spaces between; a name with spaces in quotes.</summary>
public static class ProbeFilterText
{
    /// <summary>The longest name: what a kernel profile reads of one.</summary>
    private const int LongestName = 15;

    /// <summary>What can be written, for messages.</summary>
    public const string Help = "none, or any of task=NAME, id=NUMBER, every=N";

    /// <summary>Reads a filter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ProbeFilter? filter)
    {
        ArgumentNullException.ThrowIfNull(text);
        ProbeFilter read = ProbeFilter.None;
        filter = null;
        if (!string.Equals(text.Trim(), "none", StringComparison.Ordinal))
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            string rest = text.Trim();
            do
            {
                if (!TryTake(ref rest, out string key, out string value) || !seen.Add(key) || !TrySet(ref read, key, value))
                {
                    return false;
                }
            }
            while (rest.Length > 0);
        }

        filter = read;
        return true;
    }

    /// <summary>Takes KEY=VALUE or KEY="VALUE" off the front.</summary>
    private static bool TryTake(ref string rest, out string key, out string value)
    {
        int equals = rest.IndexOf('=', StringComparison.Ordinal);
        (key, value) = (equals > 0 ? rest[..equals] : string.Empty, string.Empty);
        if (equals <= 0)
        {
            return false;
        }

        bool quoted = equals + 1 < rest.Length && rest[equals + 1] == '"';
        int start = equals + (quoted ? 2 : 1);
        int end = rest.IndexOf(quoted ? '"' : ' ', start);
        if (end < 0)
        {
            if (quoted)
            {
                return false;
            }

            end = rest.Length;
        }

        value = rest[start..end];
        rest = rest[Math.Min(rest.Length, end + 1)..].TrimStart();
        return value.Length > 0;
    }

    private static bool TrySet(ref ProbeFilter filter, string key, string value)
    {
        bool isNumber = uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        switch (key)
        {
            case "task" when value.Length <= LongestName && value.All(c => c is >= ' ' and <= '~'):
                filter = filter with { TaskName = value };
                return true;
            case "id" when isNumber:
                filter = filter with { TaskId = number };
                return true;
            case "every" when isNumber && number > 0:
                filter = filter with { Every = number };
                return true;
            default:
                return false;
        }
    }
}
