using System.Net;
using System.Text.Json;

namespace ActorTrace.Service.Tests;

/// <summary>An error answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Detail">What it says.</param>
/// <param name="Place">What it concerns.</param>
internal sealed record Problem(HttpStatusCode Status, string Detail, string? Place)
{
    /// <summary>Reads it, and checks that it is one.</summary>
    public static async Task<Problem> OfAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType is "application/problem+json", $"{response.StatusCode} {response.Content.Headers.ContentType} {text}");
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        Assert.Equal((int)response.StatusCode, root.GetProperty("status").GetInt32());
        Assert.NotEmpty(root.GetProperty("title").GetString()!);
        string detail = root.GetProperty("detail").GetString()!;
        Assert.DoesNotContain('\n', detail);
        Assert.DoesNotContain("   at ", detail, StringComparison.Ordinal);
        return new Problem(response.StatusCode, detail, root.TryGetProperty("place", out JsonElement place) ? place.GetString() : null);
    }
}
