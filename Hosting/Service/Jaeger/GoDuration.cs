using System.Buffers;
using System.Globalization;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>Durations as Jaeger's API has them, those of Go: numbers with units one after the other, e.g. 1h30m or 1.5ms.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // The longer names first: m is the beginning of ms. Nanoseconds.
    private static readonly (string Name, decimal Length)[] Units =
    [
        ("ns", 1m), ("us", 1_000m), ("\u00B5s", 1_000m), ("\u03BCs", 1_000m), ("ms", 1_000_000m), ("s", 1_000_000_000m),
        ("m", 60_000_000_000m), ("h", 3_600_000_000_000m), ("d", 86_400_000_000_000m),
    ];

    /// <summary>Reads a duration; days are for the lookback of the UI.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nanoseconds">The duration, rounded down.</param>
    public static bool TryParse(string text, out ulong nanoseconds)
    {
        decimal sum = 0;
        ReadOnlySpan<char> rest = text;
        bool any = false;
        while (rest.Length > 0)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                break;
            }

            rest = rest[digits..];
            (string name, decimal length) = Unit(rest);
            if (name.Length == 0 || number > long.MaxValue / length || sum > long.MaxValue)
            {
                break;
            }

            (sum, any) = (sum + (number * length), true);
            rest = rest[name.Length..];
        }

        bool whole = any && rest.Length == 0 && sum <= long.MaxValue;
        nanoseconds = whole ? (ulong)sum : 0;
        return whole;
    }

    private static (string Name, decimal Length) Unit(ReadOnlySpan<char> text)
    {
        foreach ((string name, decimal length) in Units)
        {
            if (text.StartsWith(name, StringComparison.Ordinal))
            {
                return (name, length);
            }
        }

        return (string.Empty, 0);
    }
}
