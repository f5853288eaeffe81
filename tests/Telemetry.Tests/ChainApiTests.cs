using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>The chains of a run over HTTP.</summary>
public sealed class ChainApiTests(JaegerService service) : IClassFixture<JaegerService>
{
    private string Chains => $"/api/v1/runs/{service.Run.Id}/chains";

    [Fact]
    public async Task Pages_hold_every_hit_of_a_symbol_once()
    {
        var found = new List<JsonElement>();
        for (string? after = string.Empty; after is not null;)
        {
            JsonElement page = await service.Client.GetFromJsonAsync<JsonElement>($"{Chains}?symbol=OSIntCtxSw&limit=3{after}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 3);
            found.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : null;
        }

        string[] sent = [.. service.Sent.Where(s => s.Span.Name is "hit OSIntCtxSw").Select(s => Convert.ToHexStringLower(s.Span.TraceId.Span)).Order(StringComparer.Ordinal)];
        Assert.InRange(sent.Length, 4, int.MaxValue);
        Assert.Equal(sent, found.Select(chain => chain.GetProperty("id").GetString()!).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(found, chain => Assert.Equal(("ucos", "OSIntCtxSw"), (chain.GetProperty("guest").GetString(), chain.GetProperty("symbol").GetString())));
    }

    [Fact]
    public async Task A_chain_is_told_by_its_messages()
    {
        ByteString trace = service.Sent.First(s => s.Span.Name is "hit OSIntCtxSw" && service.Sent.Any(o => o.Span.TraceId == s.Span.TraceId && o.Span.Name is "log Switch")).Span.TraceId;

        JsonElement story = await service.Client.GetFromJsonAsync<JsonElement>($"{Chains}/{Convert.ToHexStringLower(trace.Span)}");

        Assert.Equal("hit OSIntCtxSw", story.GetProperty("name").GetString());
        JsonElement first = story.GetProperty("messages")[0];
        Assert.Equal(("core-1", "core-1/hyp", "TrapTaken"), (first.GetProperty("from").GetString(), first.GetProperty("to").GetString(), first.GetProperty("message").GetString()));
        Assert.Contains(story.GetProperty("messages").EnumerateArray(), m => m.GetProperty("message").GetString() is "SwitchRecord");
        Assert.All(story.GetProperty("participants").EnumerateArray(), p => Assert.Equal(!p.GetProperty("name").GetString()!.Contains(':', StringComparison.Ordinal), p.GetProperty("isActor").GetBoolean()));
    }

    [Theory]
    [InlineData("", "no-run", 404)]
    [InlineData("/abc", null, 404)]
    [InlineData("/xyz", null, 400)]
    [InlineData("?limit=0", null, 400)]
    [InlineData("?after=here", null, 400)]
    public async Task What_is_not_there_is_a_problem(string path, string? run, int status)
    {
        using HttpResponseMessage response = await service.Client.GetAsync((run is null ? Chains : $"/api/v1/runs/{run}/chains") + path);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}
