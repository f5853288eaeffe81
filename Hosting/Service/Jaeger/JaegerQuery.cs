using System.Globalization;
using System.Text.Json;
using ActorTrace.Hosting.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>A query cannot be understood; the message says which parameter.</summary>
/// <param name="message">One line.</param>
internal sealed class JaegerQueryException(string message) : Exception(message);

/// <summary>What Jaeger's search asks for. All must hold for one and the same span of a trace.</summary>
/// <param name="Service">The span's service.</param>
/// <param name="Operation">Its name; null for any.</param>
/// <param name="Tags">Tags that it or its service has, as text.</param>
/// <param name="Start">It begins not before, Unix nanoseconds.</param>
/// <param name="End">It begins not after, Unix nanoseconds.</param>
/// <param name="MinDuration">Nanoseconds; 0 for any.</param>
/// <param name="MaxDuration">Nanoseconds; 0 for any.</param>
/// <param name="Limit">The most traces.</param>
internal sealed record JaegerQuery(
    string Service, string? Operation, IReadOnlyDictionary<string, string> Tags, ulong Start, ulong End, ulong MinDuration, ulong MaxDuration, int Limit)
{
    private const int DefaultLimit = 100;
    private const int MostTraces = 10_000;
    private const ulong Microsecond = 1_000;
    private static readonly TimeSpan DefaultLookback = TimeSpan.FromDays(2);

    /// <summary>Reads the parameters of /api/traces.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="now">Where a search ends that does not say.</param>
    /// <exception cref="JaegerQueryException">One of them cannot be understood.</exception>
    public static JaegerQuery Read(IQueryCollection query, DateTimeOffset now)
    {
        string service = Text(query, "service") ?? throw new JaegerQueryException("parameter 'service' is required");
        ulong end = Microseconds(query, "end") ?? UnixTime.Of(now);
        ulong lookback = GoDuration.TryParse(Text(query, "lookback") ?? string.Empty, out ulong asked) ? asked : (ulong)DefaultLookback.Ticks * 100;
        var read = new JaegerQuery(
            service, Text(query, "operation"), ReadTags(query), Microseconds(query, "start") ?? end - Math.Min(end, lookback), end,
            Duration(query, "minDuration"), Duration(query, "maxDuration"), Number(query, "limit", DefaultLimit));
        return read.MaxDuration != 0 && read.MaxDuration < read.MinDuration
            ? throw new JaegerQueryException("'maxDuration' should be greater than 'minDuration'")
            : read;
    }

    /// <summary>Reads a trace id: hexadecimal digits, leading zeros may be left out.</summary>
    /// <exception cref="JaegerQueryException">It is none.</exception>
    public static UInt128 TraceId(string text) =>
        text.Length is > 0 and <= 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 id)
            ? id
            : throw new JaegerQueryException($"'{(text.Length <= 64 ? text : text[..64])}' is no trace id (1 to 32 hexadecimal digits)");

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text, ..] ? text : null;

    private static ulong? Microseconds(IQueryCollection query, string name) => Text(query, name) switch
    {
        null => null,
        { } text when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value < ulong.MaxValue / Microsecond => value * Microsecond,
        _ => throw Unreadable(name, "microseconds since 1970"),
    };

    private static ulong Duration(IQueryCollection query, string name) => Text(query, name) switch
    {
        null => 0,
        { } text when GoDuration.TryParse(text, out ulong value) => value,
        _ => throw Unreadable(name, "a duration like 1.2s, 100ms or 500us"),
    };

    private static int Number(IQueryCollection query, string name, int byDefault) => Text(query, name) switch
    {
        null => byDefault,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) => Math.Min(value, MostTraces),
        _ => throw Unreadable(name, "a number"),
    };

    // tag=key:value, any number of them; tags={"key":"value"} as the UI sends it.
    private static Dictionary<string, string> ReadTags(IQueryCollection query)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string? tag in query["tag"])
        {
            string[] pair = (tag ?? string.Empty).Split(':', 2);
            tags[pair[0]] = pair.Length == 2 ? pair[1] : throw Unreadable("tag", "key:value");
        }

        foreach (string? json in query["tags"])
        {
            try
            {
                foreach ((string key, string value) in JsonSerializer.Deserialize<Dictionary<string, string>>(json ?? string.Empty) ?? [])
                {
                    tags[key] = value;
                }
            }
            catch (JsonException)
            {
                throw Unreadable("tags", "a JSON object of texts");
            }
        }

        return tags;
    }

    private static JaegerQueryException Unreadable(string name, string what) => new($"unable to parse param '{name}': it is to be {what}");
}
