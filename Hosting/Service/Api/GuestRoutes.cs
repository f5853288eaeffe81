using System.Text;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Hosting.Service.Api.Downloads;
using ActorTrace.Machine.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>What belongs to one guest of a run: its console, its functions, its probe sets.</summary>
internal sealed class GuestRoutes(IRuns runs, ReaderSlots slots, HeavyWork heavy, IHostApplicationLifetime lifetime)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;

    /// <summary>GET /runs/{id}/console/{guest}: what it printed, as `replay --to console` shows it.</summary>
    public async Task ConsoleAsync(HttpContext context, string id, string guest, bool? follow)
    {
        CheckGuest(id, guest);
        using IDisposable slot = slots.Take();
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await StreamedBody.SendAsync(context, (output, left) =>
        {
            using IOpenRun run = follow == true ? runs.Follow(id, left) : runs.Open(id);
            using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n", AutoFlush = follow == true };
            new ConsoleReplay(guest, Timestamps: false).Print(run, text);
        }, lifetime.ApplicationStopping);
    }

    /// <summary>GET /runs/{id}/symbols/{guest}: functions of its image whose names begin with a prefix.</summary>
    public async Task<IResult> SymbolsAsync(HttpContext context, string id, string guest, string? prefix, int? limit)
    {
        int most = limit ?? DefaultLimit;
        if (most is < 1 or > MaxLimit)
        {
            throw ApiException.BadParameter("limit", $"a number from 1 to {MaxLimit}");
        }

        GuestSpec spec = await GuestAsync(context, id, guest);
        IEnumerable<string> names = spec.Image.Symbols.All
            .Where(symbol => symbol.Kind == ElfSymbolKind.Function && symbol.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))
            .Select(symbol => symbol.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return TypedResults.Ok(new NameList([.. names.Take(most)]));
    }

    /// <summary>GET /runs/{id}/probesets/{guest}: the probe sets of its kernel profile.</summary>
    public async Task<IResult> ProbeSetsAsync(HttpContext context, string id, string guest)
    {
        GuestSpec spec = await GuestAsync(context, id, guest);
        return TypedResults.Ok(new NameList([.. (spec.Profile?.ProbeSets ?? []).Select(set => set.Name).Order(StringComparer.Ordinal)]));
    }

    private async Task<GuestSpec> GuestAsync(HttpContext context, string id, string guest)
    {
        CheckGuest(id, guest);
        Scenario scenario = await heavy.DoAsync(() => runs.ScenarioOf(id), context.RequestAborted);
        return scenario.Guests.First(spec => string.Equals(spec.Name, guest, StringComparison.Ordinal));
    }

    private void CheckGuest(string id, string guest)
    {
        RunStatus run = RunRoutes.Find(runs, id);
        if (!run.Guests.Any(known => string.Equals(known.Name, guest, StringComparison.Ordinal)))
        {
            throw new ApiException(StatusCodes.Status404NotFound, $"there is no such guest (guests: {string.Join(", ", run.Guests.Select(known => known.Name))})");
        }
    }
}
