using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The page's files as they are sent.</summary>
public sealed partial class PageFileTests : IDisposable
{
    private readonly StandIn _service = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Everything_that_the_page_and_its_modules_name_is_there_and_of_the_right_kind()
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal) { ["html"] = "text/html", ["js"] = "text/javascript", ["css"] = "text/css", ["svg"] = "image/svg+xml" };
        var open = new Queue<string>([""]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { "" };
        while (open.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = await _client.GetAsync(_service.Address + path);
            Assert.True(answer.IsSuccessStatusCode, path);
            Assert.Equal(known[path.Length == 0 ? "html" : path.Split('.')[^1]], answer.Content.Headers.ContentType!.MediaType);
            string text = await answer.Content.ReadAsStringAsync();
            foreach (string next in Named().Matches(text).Select(match => match.Groups["name"].Value).Where(seen.Add))
            {
                open.Enqueue(next.StartsWith('/') ? next[1..] : "page/" + next);
            }
        }

        Assert.Contains("timeline.js", seen);
        Assert.InRange(seen.Count, 20, 60);
    }

    [Theory]
    [InlineData("")]
    [InlineData("page/page.js")]
    [InlineData("page/settings.json")]
    public async Task A_browser_that_has_a_file_is_told_so_and_nothing_of_other_hosts_is_allowed(string path)
    {
        using HttpResponseMessage first = await _client.GetAsync(_service.Address + path);
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        Assert.StartsWith("default-src 'self';", first.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());
        using var again = new HttpRequestMessage(HttpMethod.Get, _service.Address + path);
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using HttpResponseMessage second = await _client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, _service.Address + path);
        using HttpResponseMessage headers = await _client.SendAsync(head);
        Assert.Equal(first.Content.Headers.ContentLength, headers.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task What_is_no_file_of_the_page_is_not_found()
    {
        foreach (string path in (string[])["page/", "page/index.html", "page/nothing.js", "page/..%2fappsettings.json", "page/PageFiles.cs"])
        {
            using HttpResponseMessage answer = await _client.GetAsync(_service.Address + path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    // Modules as they import each other, files as the page names them.
    [GeneratedRegex(@"from '\./(?<name>[\w-]+\.js)'|(?:href|src)=""(?<name>/page/[^""]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
