using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>Pages through the runs. A page begins behind a run by its place in the order, so that it may have been deleted meanwhile.</summary>
internal static class RunList
{
    /// <summary>Runs of a page where the client does not say.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The most runs of a page.</summary>
    public const int MaxLimit = 500;

    /// <summary>A page.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="limit">How many.</param>
    /// <param name="after">The token of the page before; null for the first page.</param>
    /// <exception cref="ApiException">The parameters cannot be used.</exception>
    public static RunPage Page(IEnumerable<RunStatus> runs, int limit, string? after)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw ApiException.BadParameter("limit", $"a number from 1 to {MaxLimit}");
        }

        IEnumerable<RunStatus> ordered = runs.OrderByDescending(run => run.BegunAt).ThenByDescending(run => run.Id, StringComparer.Ordinal);
        if (after is not null)
        {
            (DateTimeOffset begun, string id) = Parse(after);
            ordered = ordered.SkipWhile(run => run.BegunAt > begun || (run.BegunAt == begun && string.CompareOrdinal(run.Id, id) >= 0));
        }

        RunStatus[] items = [.. ordered.Take(limit + 1)];
        return items.Length <= limit ? new RunPage(items, null) : new RunPage(items[..limit], Token(items[limit - 1]));
    }

    private static string Token(RunStatus run) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{run.BegunAt.UtcTicks} {run.Id}")));

    private static (DateTimeOffset Begun, string Id) Parse(string token)
    {
        if (Base64Url.IsValid(token))
        {
            string[] parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ', 2);
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) && ticks <= DateTime.MaxValue.Ticks)
            {
                return (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1]);
            }
        }

        throw ApiException.BadParameter("after", "use the value of next of the page before");
    }
}
