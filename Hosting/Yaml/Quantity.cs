using System.Globalization;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Yaml;

/// <summary>A time as the user writes it: nanoseconds, or cycles of the board clock.</summary>
/// <param name="Amount">Nanoseconds or cycles.</param>
/// <param name="InCycles">True for cycles.</param>
public readonly record struct TimeQuantity(ulong Amount, bool InCycles)
{
    /// <summary>The time in cycles; nanoseconds are rounded up to the next cycle.</summary>
    public ulong ToCycles(ClockRates clock) => InCycles ? Amount : clock.FromNanoseconds(Amount).Cycles;
}

/// <summary>Reads numbers with a unit. Every function answers null where the text is none, never a rounded value.</summary>
public static class Quantity
{
    /// <summary>How a time is written.</summary>
    public const string TimeHelp = "write a number with a unit: ns, us, ms, s or cycles, e.g. 20ms";

    /// <summary>How a frequency is written.</summary>
    public const string FrequencyHelp = "write a number with a unit: Hz, kHz, MHz or GHz, e.g. 1.7GHz";

    /// <summary>How a size is written.</summary>
    public const string SizeHelp = "write a whole number with a unit: KiB or MiB, e.g. 64MiB";

    /// <summary>The longest time, in ns or cycles: 10^15, about 11 days, so that no later sum can overflow.</summary>
    public const ulong MaxTime = 1_000_000_000_000_000;

    private static readonly (string Unit, decimal Factor)[] Times = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    private static readonly (string Unit, decimal Factor)[] Frequencies =
        [("kHz", 1_000), ("MHz", 1_000_000), ("GHz", 1_000_000_000), ("Hz", 1)];

    private static readonly (string Unit, decimal Factor)[] Sizes = [("KiB", 1024), ("MiB", 1024 * 1024)];

    /// <summary>A time: 0, or a number with unit; whole nanoseconds or cycles.</summary>
    public static TimeQuantity? Time(string text)
    {
        if (text is "0")
        {
            return new TimeQuantity(0, InCycles: false);
        }

        if (Scaled(text, [("cycles", 1)]) is { } cycles)
        {
            return cycles > MaxTime ? null : new TimeQuantity(cycles, InCycles: true);
        }

        return Scaled(text, Times) is { } nanoseconds and <= MaxTime ? new TimeQuantity(nanoseconds, InCycles: false) : null;
    }

    /// <summary>A frequency in Hz.</summary>
    public static ulong? Frequency(string text) => Scaled(text, Frequencies);

    /// <summary>A size in bytes.</summary>
    public static ulong? Size(string text) => Scaled(text, Sizes);

    /// <summary>A whole number, decimal or 0x hexadecimal, with _ allowed between digits.</summary>
    public static ulong? Integer(string text)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        bool hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(hex ? digits[2..] : digits, style, CultureInfo.InvariantCulture, out ulong value) ? value : null;
    }

    private static ulong? Scaled(string text, ReadOnlySpan<(string Unit, decimal Factor)> units)
    {
        foreach ((string unit, decimal factor) in units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
            {
                continue;
            }

            string number = text[..^unit.Length].TrimEnd(' ');
            if (number.Length is > 0 and <= 18
                && char.IsAsciiDigit(number[0]) && char.IsAsciiDigit(number[^1])
                && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            {
                decimal scaled = value * factor;
                return scaled == decimal.Truncate(scaled) && scaled <= ulong.MaxValue ? (ulong)scaled : null;
            }
        }

        return null;
    }
}
