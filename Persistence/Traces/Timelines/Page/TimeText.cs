using System.Globalization;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>Times and counts as people read them, the same on every machine.</summary>
internal static class TimeText
{
    private static readonly (ulong Nanoseconds, string Unit)[] Units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns")];

    /// <summary>A duration in its natural unit, four digits of it: 4.018 ms.</summary>
    public static string Duration(ulong nanoseconds)
    {
        (ulong scale, string unit) = Units.FirstOrDefault(unit => nanoseconds >= unit.Nanoseconds, Units[^1]);
        decimal value = nanoseconds / (decimal)scale;
        string digits = scale == 1 ? "0" : value >= 100 ? "0.0" : value >= 10 ? "0.00" : "0.000";
        return $"{value.ToString(digits, CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>An instant in seconds to the nanosecond: 0.209849407 s.</summary>
    public static string Instant(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000}.{nanoseconds % 1_000_000_000:d9} s");

    /// <summary>A count with its thousands apart: 12,345.</summary>
    public static string Count(ulong count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number as it is: of a CPU, a task.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A share in per cent: 12.34 %.</summary>
    public static string Share(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>A part in per cent of a whole; a dash where there is no whole.</summary>
    public static string Share(ulong part, ulong whole) => whole == 0 ? "-" : Share((double)part / whole);
}
