using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ActorTrace.Service.Tests.Process;

/// <summary>Clients that mean harm get a clear refusal; the service stays as it was.</summary>
public sealed class HostileClientTests(HostileClientTests.SmallService small) : IClassFixture<HostileClientTests.SmallService>, IAsyncLifetime
{
    private const int MaxUpload = 8 << 20;
    private const long MostMemory = 800L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private HttpClient Client => small.Service.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>After each attack: the service answers, holds little, and nothing was written beside its journal.</summary>
    public async Task DisposeAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync(ServiceCalls.Runs)).StatusCode);
        Assert.InRange(small.Service.ResidentBytes, 1, MostMemory);
        Assert.Equal(["data"], Directory.GetFileSystemEntries(small.Folder).Select(path => Path.GetFileName(path)), StringComparer.Ordinal);
        Assert.All(Directory.GetFileSystemEntries(small.Data).Select(Path.GetFileName), name => Assert.Matches("^(?:runs[.]atj.*|service[.]lock|temporary)$", name!));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(small.Data, "temporary")));
    }

    [Theory]
    [InlineData("/etc/passwd", "there is no file 'passwd' in the upload")]
    [InlineData("../../../../etc/passwd", "there is no file 'passwd' in the upload")]
    [InlineData("..\\\\..\\\\windows\\\\win.ini", "there is no file 'win.ini' in the upload")]
    [InlineData("$ACTORTRACE_CAPTURES/secret", "is a path of another machine")]
    [InlineData("$HOME/secret", "is a path of another machine")]
    [InlineData("/proc/self/environ", "there is no file 'environ' in the upload")]
    [InlineData("profiles/ucos2.yaml", "there is no file 'ucos2.yaml' in the upload")]
    [InlineData("/", "there is no file '' in the upload")]
    public async Task A_scenario_names_no_file_of_the_host(string path, string told)
    {
        using MultipartFormDataContent form = ServiceCalls.Paper("10ms", edit: text => text.Replace("../guests/rtos/bin/rtos.elf", $"\"{path}\"", StringComparison.Ordinal));
        Problem problem = await RefusedAsync(form, HttpStatusCode.UnprocessableEntity);
        Assert.Contains(told, problem.Detail, StringComparison.Ordinal);
        Assert.StartsWith("arndale.yaml:", problem.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../etc/ucos2")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    public async Task A_scenario_names_no_profile_of_the_host(string name)
    {
        using MultipartFormDataContent form = ServiceCalls.Paper("10ms", edit: text => text.Replace("profile: ucos2", $"profile: \"{name}\"", StringComparison.Ordinal));
        _ = await RefusedAsync(form, HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("../../../../../../../../tmp/actortrace-evil", 422)]
    [InlineData("..\\..\\actortrace-evil", 422)]
    [InlineData("/tmp/actortrace-evil", 422)]
    [InlineData("..", 400)]
    [InlineData("a/..", 400)]
    [InlineData("", 400)]
    [InlineData("folder/", 400)]
    public async Task An_uploaded_file_has_a_name_and_no_path(string name, int status)
    {
        string part = $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\nelf\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\nname: x\r\n--b--\r\n";
        _ = await RefusedAsync(Multipart(part), (HttpStatusCode)status);
        Assert.False(File.Exists("/tmp/actortrace-evil"));
    }

    [Theory]
    [InlineData("/api/v1/runs/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/v1/runs/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/api/v1/runs/x/replay/..%2f..%2ftrace.dat")]
    [InlineData("/api/v1/runs/x%00/journal")]
    [InlineData("/api/v1/runs/x/control/trace/..%2fenable")]
    [InlineData("/api/v1/runs/' OR 1=1 --/journal")]
    public async Task A_path_of_a_request_leads_to_no_file(string path)
    {
        using var raw = new RawClient(small.Service.Address);
        await raw.SendAsync($"GET {path.Replace(" ", "%20", StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.InRange(await raw.StatusAsync(Patience), 400, 404);
    }

    [Fact]
    public async Task An_upload_that_is_announced_too_long_is_refused_before_it_comes()
    {
        using var raw = new RawClient(small.Service.Address);
        await raw.SendAsync($"POST {ServiceCalls.Runs} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000000\r\n\r\n--b\r\n");
        Assert.Equal(413, await raw.StatusAsync(Patience));
    }

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n")]
    [InlineData("Content-Disposition: form-data; name=\"scenario\"\r\n\r\n")]
    [InlineData("Content-Disposition: form-data; name=\"for\"\r\n\r\n")]
    [InlineData("X-Endless: ")]
    [InlineData("")]
    public async Task An_upload_that_does_not_end_is_cut_off(string begin)
    {
        using var raw = new RawClient(small.Service.Address);
        await raw.SendAsync($"POST {ServiceCalls.Runs} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n");
        string first = "--b\r\n" + begin;
        await raw.SendAsync(string.Create(CultureInfo.InvariantCulture, $"{first.Length:x}\r\n{first}\r\n"));
        string chunk = "10000\r\n" + new string('x', 0x10000) + "\r\n";
        int sent = 0;
        while (sent < 40 * (MaxUpload >> 16) && await raw.TrySendAsync(chunk))
        {
            sent++;
        }

        Assert.True(await raw.StatusAsync(Patience) is 400 or 413 or 0);
        Assert.InRange(sent, 0, (2 * MaxUpload >> 16) + 64);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("no parts at all", 400)]
    [InlineData("--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\nname: x", 400)]
    [InlineData("--b\r\n\r\nname: x\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\na: 1\r\n--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\na: 1\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\na: 1\r\n--b\r\nContent-Disposition: form-data; name=\"for\"\r\n\r\nsoon\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\na: 1\r\n--b\r\nContent-Disposition: form-data; name=\"paused\"\r\n\r\nmaybe\r\n--b--\r\n", 400)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\n\xff\xfe\x00\r\n--b--\r\n", 422)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"scenario\"\r\n\r\n\r\n--b--\r\n", 422)]
    public async Task An_upload_of_another_form_is_refused(string body, int status) => await RefusedAsync(Multipart(body), (HttpStatusCode)status);

    [Theory]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=\"\"", 400)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/mixed; boundary=b", 415)]
    [InlineData("text/yaml", 415)]
    public async Task An_upload_of_another_type_is_refused(string type, int status)
    {
        var body = new ByteArrayContent("name: x"u8.ToArray());
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        _ = await RefusedAsync(body, (HttpStatusCode)status);
    }

    [Fact]
    public async Task An_upload_of_many_parts_or_long_ones_is_refused()
    {
        using var many = new MultipartFormDataContent();
        for (int i = 0; i < 70; i++)
        {
            many.Add(new ByteArrayContent([1]), "file", string.Create(CultureInfo.InvariantCulture, $"f{i}"));
        }

        _ = await RefusedAsync(many, HttpStatusCode.RequestEntityTooLarge);
        using var scenario = new MultipartFormDataContent { { new ByteArrayContent(new byte[5 << 20]), "scenario", "s.yaml" } };
        _ = await RefusedAsync(scenario, HttpStatusCode.RequestEntityTooLarge);
        ByteArrayContent boundary = Multipart("");
        boundary.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=" + new string('b', 1_000));
        _ = await RefusedAsync(boundary, HttpStatusCode.BadRequest);
    }

    public static TheoryData<string> Bombs { get; } =
    [
        "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nname: *c\n",
        "a: &a\n  <<: *a\n",
        new string('[', 100_000),
        string.Concat(Enumerable.Range(0, 2_000).Select(i => new string(' ', i) + "a:\n")),
        string.Concat(Enumerable.Repeat("- ", 100_000)),
        string.Concat(Enumerable.Repeat("? ", 100_000)),
        "name: \"" + new string('x', 1_000_000) + "\"\n",
        string.Concat(Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"k{i}: 1\n"))),
        string.Concat(Enumerable.Repeat("--- a\n", 100_000)),
        "%TAG ! tag:x,2000:\n--- !" + new string('x', 100_000) + " a\n",
        "name: !!binary " + new string('A', 100_000),
        "duration: " + new string('9', 100_000) + "s\nname: x\n",
        "name: x\nduration: 1s\nboard: {preset: arndale, cores: 99999999999999999999}\n",
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_scenario_that_would_explode_is_refused(string text)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "scenario", "bomb.yaml" } };
        Problem problem = await RefusedAsync(form, HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("bomb.yaml", problem.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_none_is_refused_at_its_place()
    {
        var random = new Random(1);
        foreach (int length in new[] { 0, 1, 52, 5_000, 100_000 })
        {
            byte[] image = new byte[length];
            random.NextBytes(image);
            ReadOnlySpan<byte> magic = [0x7F, (byte)'E', (byte)'L', (byte)'F'];
            magic[..Math.Min(magic.Length, length)].CopyTo(image);
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(File.ReadAllBytes(Checkout.PathOf("scenarios/arndale.yaml"))), "scenario", "arndale.yaml" },
                { new ByteArrayContent(image), "file", "rtos.elf" },
                { new ByteArrayContent(image), "file", "gpos.elf" },
            };
            Problem problem = await RefusedAsync(form, HttpStatusCode.UnprocessableEntity);
            Assert.StartsWith("arndale.yaml:", problem.Place, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_beyond_the_limits_is_refused()
    {
        using (MultipartFormDataContent tooLong = ServiceCalls.Paper("7200s"))
        {
            _ = await RefusedAsync(tooLong, HttpStatusCode.UnprocessableEntity);
        }

        string first = await Client.StartAsync("10s", paused: true);
        string second = await Client.StartAsync("10s", paused: true);
        using (MultipartFormDataContent third = ServiceCalls.Paper("10ms"))
        {
            _ = await RefusedAsync(third, HttpStatusCode.TooManyRequests);
        }

        foreach (string id in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync($"{ServiceCalls.Runs}/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{ServiceCalls.Runs}/{id}")).StatusCode);
        }

        string after = await Client.StartAsync("10ms");
        Assert.Equal("completed", (await Client.EndAsync(after)).State());
    }

    [Fact]
    public async Task Json_that_is_deep_or_long_is_refused()
    {
        string path = $"{ServiceCalls.Runs}/x/step";
        foreach ((string json, HttpStatusCode status) in new[]
        {
            (new string('[', 50_000), HttpStatusCode.BadRequest),
            ("{\"ns\":" + string.Concat(Enumerable.Repeat("{\"a\":", 5_000)), HttpStatusCode.BadRequest),
            ("{\"ns\":1" + new string('0', 40_000) + "}", HttpStatusCode.BadRequest),
            ("{\"ns\":1,\"x\":\"" + new string('x', 200_000) + "\"}", HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using var body = new StringContent(json, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await Client.PostAsync(path, body);
            Assert.Equal(status, response.StatusCode);
            _ = await Problem.OfAsync(response);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n", 431)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n", 431)]
    [InlineData("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET /api/v1/runs HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /api/v1/runs HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 415)]
    [InlineData("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("\x16\x03\x01\x02\x00\x01\r\n\r\n", 400)]
    [InlineData("GET /api/v1/runs HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET /api/v1/runs/x/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: -1\r\n\r\n", 400)]
    [InlineData("GET /api/v1/runs/x/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 99999999999999999999999\r\n\r\n", 400)]
    [InlineData("GET /api/v1/runs/x/events?from=1&from=2 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    public async Task A_request_of_another_form_is_refused(string request, int status)
    {
        using var raw = new RawClient(small.Service.Address);
        _ = await raw.TrySendAsync(request
            .Replace("{long}", new string('x', 100_000), StringComparison.Ordinal)
            .Replace("{many}", string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"X-{i}: 1\r\n"))), StringComparison.Ordinal));
        int answer = await raw.StatusAsync(Patience);
        Assert.True(answer == status || answer == 0, $"{answer}");
    }

    /// <summary>Forty connections that send a byte now and then: of the head, of the body, of a part.</summary>
    [Fact]
    public async Task Clients_that_send_slowly_are_cut_off()
    {
        string[] begins =
        [
            "GET /api/v1/runs HTTP/1.1\r\nHost: local",
            $"POST {ServiceCalls.Runs} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b",
        ];
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var raw = new RawClient(small.Service.Address);
            await raw.SendAsync(begins[i % 2]);
            using var patience = new CancellationTokenSource(Patience);
            while (await raw.TrySendAsync("x") && !(raw.Socket.Poll(0, SelectMode.SelectRead)))
            {
                await Task.Delay(500, patience.Token);
            }

            Assert.True(await raw.StatusAsync(Patience) is 408 or 0);
        }));
    }

    /// <summary>Readers that close half of the connection, all of it, or read nothing: their places are free again.</summary>
    [Fact]
    public async Task Readers_that_leave_without_a_word_are_forgotten()
    {
        string id = await Client.StartAsync("10s", paused: true);
        var open = new List<RawClient>();
        using var patience = new CancellationTokenSource(Patience);
        for (int i = 0; i < 60; i++)
        {
            var raw = new RawClient(small.Service.Address);
            open.Add(raw);
            await raw.SendAsync($"GET {ServiceCalls.Runs}/{id}/{(i % 3 == 0 ? "control/trace_pipe" : "events")} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            if (i % 2 == 0)
            {
                raw.Socket.Shutdown(SocketShutdown.Send);
            }
            else
            {
                raw.Dispose();
            }

            await Task.Delay(5, patience.Token);
        }

        while (true)
        {
            using HttpResponseMessage reader = await Client.EventsAsync(id);
            if (reader.StatusCode == HttpStatusCode.OK)
            {
                break;
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, reader.StatusCode);
            await Task.Delay(50, patience.Token);
        }

        open.ForEach(raw => raw.Dispose());
        await Client.PostAsync(id, "stop");
        await Client.DeleteAsync($"{ServiceCalls.Runs}/{id}");
    }

    private static ByteArrayContent Multipart(string body)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        return content;
    }

    private async Task<Problem> RefusedAsync(HttpContent body, HttpStatusCode status)
    {
        using HttpResponseMessage response = await Client.PostAsync(ServiceCalls.Runs, body);
        Assert.True(response.StatusCode == status, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.Equal(status == HttpStatusCode.TooManyRequests, response.Headers.RetryAfter is not null);
        return await Problem.OfAsync(response);
    }

    /// <summary>A service with small limits.</summary>
    public sealed class SmallService : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

        public SmallService() => Service = ServiceProcess.Start(
            Data, "--max-runs", "2", "--max-readers", "8", "--max-upload", (MaxUpload >> 20).ToString(CultureInfo.InvariantCulture));

        internal ServiceProcess Service { get; }

        public string Folder => _folder.FullName;

        public string Data => Path.Combine(_folder.FullName, "data");

        public void Dispose()
        {
            Service.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
