using System.Net;
using System.Net.Http.Headers;
using ActorTrace.Service.Tests.Doubles;

namespace ActorTrace.Service.Tests.Api;

/// <summary>Who may use the service.</summary>
public class AccessTests
{
    private const string Runs = "/api/v1/runs";

    [Theory]
    [InlineData("GET", Runs, null, 401)]
    [InlineData("GET", Runs, "Bearer wrong", 401)]
    [InlineData("GET", Runs, "Bearer secret ", 200)]
    [InlineData("GET", Runs, "bearer secret", 200)]
    [InlineData("GET", Runs, "Basic secret", 401)]
    [InlineData("GET", Runs + "?access_token=secret", null, 200)]
    [InlineData("GET", Runs + "?access_token=secre", null, 401)]
    [InlineData("GET", Runs + "?access_token=", null, 401)]
    [InlineData("POST", Runs + "/x/pause?access_token=secret", null, 401)]
    [InlineData("GET", "/openapi/v1.json", null, 401)]
    [InlineData("GET", "/API/v1/runs", null, 401)]
    [InlineData("GET", "/metrics", null, 401)]
    [InlineData("GET", "/nothing", null, 404)]
    public async Task A_token_is_asked_for_where_there_is_something_to_see(string method, string path, string? authorization, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync(token: "secret");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
        {
            Assert.Equal([new AuthenticationHeaderValue("Bearer")], response.Headers.WwwAuthenticate);
            Assert.DoesNotContain("secret", (await Problem.OfAsync(response)).Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example:5080", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    public async Task A_name_that_is_not_the_services_own_is_refused(string name, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Runs);
        request.Headers.Host = name;
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData(null, "cross-site", 403)]
    [InlineData(null, "same-site", 403)]
    [InlineData(null, "same-origin", 200)]
    [InlineData(null, "none", 200)]
    [InlineData("own", "same-origin", 200)]
    [InlineData("own", null, 200)]
    [InlineData(null, null, 200)]
    public async Task A_page_of_another_origin_changes_nothing(string? origin, string? site, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Runs.Add("run").Open(0.5);
        using var request = new HttpRequestMessage(HttpMethod.Post, Runs + "/run/pause");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin is "own" ? host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200, host.Runs.Find("run")!.State == Hosting.Service.RunState.Paused);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_reader_more_than_allowed_is_told_to_come_later()
    {
        await using ApiHost host = await ApiHost.StartAsync(limits: new Hosting.Service.ServiceLimits { MaxReaders = 2 });
        host.Runs.Add("run").Open(0.1);
        using HttpResponseMessage first = await host.Client.GetAsync(Runs + "/run/events", HttpCompletionOption.ResponseHeadersRead);
        HttpResponseMessage second = await host.Client.GetAsync(Runs + "/run/control/trace_pipe", HttpCompletionOption.ResponseHeadersRead);
        using (HttpResponseMessage third = await host.Client.GetAsync(Runs + "/run/console/ucos?follow=true", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
            Assert.NotNull(third.Headers.RetryAfter);
            _ = await Problem.OfAsync(third);
        }

        second.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using HttpResponseMessage again = await host.Client.GetAsync(Runs + "/run/events", HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (again.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
