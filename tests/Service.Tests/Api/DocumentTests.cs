using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ActorTrace.Service.Tests.Doubles;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using NJsonSchema;

namespace ActorTrace.Service.Tests.Api;

/// <summary>The OpenAPI document is read by a reader that we did not write, and what the service answers is what it says.</summary>
public class DocumentTests(DocumentTests.SharedHost shared) : IClassFixture<DocumentTests.SharedHost>
{
    private const string Root = "/api/v1/runs";

    // Path of the document, real path, method, body, status.
    public static TheoryData<string, string, string, string?, int> Requests { get; } = new()
    {
        { Root, Root, "GET", null, 200 },
        { Root, Root + "?limit=1", "GET", null, 200 },
        { Root, Root + "?limit=0", "GET", null, 400 },
        { Root, Root + "?limit=many", "GET", null, 400 },
        { Root, Root + "?after=???", "GET", null, 400 },
        { Root, Root, "POST", "no multipart", 415 },
        { Root + "/{id}", Root + "/over", "GET", null, 200 },
        { Root + "/{id}", Root + "/nothing", "GET", null, 404 },
        { Root + "/{id}", Root + "/nothing", "DELETE", null, 404 },
        { Root + "/{id}/pause", Root + "/live/pause", "POST", null, 200 },
        { Root + "/{id}/pause", Root + "/over/pause", "POST", null, 409 },
        { Root + "/{id}/continue", Root + "/live/continue", "POST", null, 200 },
        { Root + "/{id}/step", Root + "/live/step", "POST", """{"ns":1000}""", 200 },
        { Root + "/{id}/step", Root + "/live/step", "POST", """{"ns":-1}""", 400 },
        { Root + "/{id}/step", Root + "/live/step", "POST", """{"ns":0}""", 400 },
        { Root + "/{id}/step", Root + "/live/step", "POST", "{", 400 },
        { Root + "/{id}/events", Root + "/over/events?view=neither", "GET", null, 400 },
        { Root + "/{id}/events", Root + "/over/events?from=first", "GET", null, 400 },
        { Root + "/{id}/events", Root + "/nothing/events", "GET", null, 404 },
        { Root + "/{id}/events", Root + "/over/events", "GET", null, 200 },
        { Root + "/{id}/counters", Root + "/over/counters", "GET", null, 200 },
        { Root + "/{id}/counters", Root + "/live/counters", "GET", null, 200 },
        { Root + "/{id}/summary", Root + "/over/summary", "GET", null, 200 },
        { Root + "/{id}/report", Root + "/over/report", "GET", null, 200 },
        { Root + "/{id}/report", Root + "/over/report?from=9&until=x", "GET", null, 400 },
        { Root + "/{id}/report.html", Root + "/over/report.html", "GET", null, 200 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/trace.dat", "GET", null, 200 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/ctf", "GET", null, 200 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/gif", "GET", null, 404 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/csv?cpu=7", "GET", null, 400 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/csv?cpu=one", "GET", null, 400 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/csv?from=2s&until=1s", "GET", null, 400 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/csv?until=soon", "GET", null, 400 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/csv?compression=zstd", "GET", null, 400 },
        { Root + "/{id}/replay/{format}", Root + "/over/replay/trace.dat-set?cpu=1", "GET", null, 400 },
        { Root + "/{id}/journal", Root + "/over/journal", "GET", null, 200 },
        { Root + "/{id}/journal", Root + "/live/journal", "GET", null, 409 },
        { Root + "/{id}/console/{guest}", Root + "/over/console/ucos", "GET", null, 200 },
        { Root + "/{id}/console/{guest}", Root + "/over/console/nobody", "GET", null, 404 },
        { Root + "/{id}/symbols/{guest}", Root + "/over/symbols/ucos?prefix=OS&limit=3", "GET", null, 200 },
        { Root + "/{id}/symbols/{guest}", Root + "/over/symbols/ucos?limit=100000", "GET", null, 400 },
        { Root + "/{id}/probesets/{guest}", Root + "/over/probesets/ucos", "GET", null, 200 },
        { Root + "/{id}/control", Root + "/over/control", "GET", null, 200 },
        { Root + "/{id}/control/guests", Root + "/over/control/guests", "GET", null, 200 },
        { Root + "/{id}/control/trace", Root + "/over/control/trace", "GET", null, 200 },
        { Root + "/{id}/control/trace/{file}", Root + "/over/control/trace/enable", "GET", null, 200 },
        { Root + "/{id}/control/trace/{file}", Root + "/over/control/trace/disable", "GET", null, 404 },
        { Root + "/{id}/control/trace/{file}", Root + "/over/control/trace/enable", "PUT", "one\ntwo", 400 },
        { Root + "/{id}/control/trace_pipe", Root + "/over/control/trace_pipe?view=board", "GET", null, 200 },
        { Root + "/{id}/control/trace_pipe", Root + "/over/control/trace_pipe?view=side", "GET", null, 400 },
    };

    [Fact]
    public void The_document_is_valid_and_whole()
    {
        OpenApiDocument document = shared.Document;
        var operations = document.Paths.SelectMany(path => path.Value.Operations!.Select(operation => (path.Key, operation.Key, operation.Value))).ToList();
        string[] described = [.. Requests.Select(request => (string)request[0]).Distinct(StringComparer.Ordinal)];
        string[] commands = [.. described, Root + "/{id}/stop"];
        Assert.Equal(commands.Order(StringComparer.Ordinal), document.Paths.Select(path => path.Key.TrimEnd('/')).Order(StringComparer.Ordinal));
        Assert.Contains(document.Components!.SecuritySchemes!.Values, scheme => scheme is { Type: SecuritySchemeType.Http, Scheme: "bearer" });
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.Value.Summary), operation.ToString());
            Assert.False(string.IsNullOrWhiteSpace(operation.Value.OperationId), operation.ToString());
            Assert.Superset(new HashSet<string>(["400", "401", "403", "500"], StringComparer.Ordinal), operation.Value.Responses!.Keys.ToHashSet(StringComparer.Ordinal));
            Assert.All(operation.Value.Parameters ?? [], parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Description), $"{operation} {parameter.Name}"));
            Assert.All(operation.Value.Parameters ?? [], parameter => Assert.NotNull(parameter.Example));
        });
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.OperationId).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Examples_of_the_document_are_of_their_schemas()
    {
        (OpenApiDocument document, JsonNode text) = (shared.Document, shared.Text);
        int examples = 0;
        foreach ((string name, IOpenApiSchema schema) in document.Components!.Schemas!)
        {
            foreach (JsonNode example in schema.Examples ?? [])
            {
                examples++;
                Assert.Empty((await SchemaAsync(text, new JsonObject { ["$ref"] = "#/components/schemas/" + name })).Validate(example.ToJsonString()));
            }
        }

        Assert.InRange(examples, 5, 100);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_answer_is_as_the_document_says(string path, string real, string method, string? body, int status)
    {
        ApiHost host = shared.Host;
        host.Runs.Add("over").Open(1);
        host.Runs.Add("live").Open(0.5);
        using var request = new HttpRequestMessage(new HttpMethod(method), real);
        if (body is not null)
        {
            request.Content = new StringContent(body, MediaTypeHeaderValue.Parse(body.StartsWith('{') ? "application/json" : "text/plain"));
        }

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {answer}");
        await CheckAsync(shared.Text, Route(shared.Text, path), method, response, answer);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("PATCH", "/api/v1/runs", 405)]
    [InlineData("POST", "/api/v1/runs/over/step", 415)]
    [InlineData("GET", "/api/v1/runs/..%2f..%2fetc%2fpasswd", 404)]
    public async Task Errors_of_the_framework_are_problems_too(string method, string path, int status)
    {
        shared.Host.Runs.Add("over").Open(1);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method is "POST" ? new StringContent("ns=1") : null };
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage response = await shared.Host.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        await Problem.OfAsync(response);
    }

    private static JsonNode Route(JsonNode document, string path) =>
        document["paths"]!.AsObject().Single(pair => string.Equals(pair.Key.TrimEnd('/'), path, StringComparison.Ordinal)).Value!;

    private static async Task CheckAsync(JsonNode document, JsonNode route, string method, HttpResponseMessage response, string answer)
    {
        JsonNode? described = route[method.ToLowerInvariant()]!["responses"]![((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.True(described is not null, $"status {(int)response.StatusCode} is not described");
        string? type = response.Content.Headers.ContentType?.MediaType;
        JsonObject? content = described["content"]?.AsObject();
        if (response.StatusCode == HttpStatusCode.OK && type is "application/x-tar" or "text/csv")
        {
            // One of many formats; what it is stands in the header.
            return;
        }

        JsonNode? media = content?[type ?? ""];
        Assert.True(media is not null, $"type {type} is not described: {content?.ToJsonString()}");
        if (type!.EndsWith("json", StringComparison.Ordinal) && media["schema"] is { } schema)
        {
            Assert.Empty((await SchemaAsync(document, schema)).Validate(answer));
        }
    }

    /// <summary>A schema of the document, with all that it refers to.</summary>
    private static Task<JsonSchema> SchemaAsync(JsonNode document, JsonNode schema)
    {
        JsonObject whole = schema.DeepClone().AsObject();
        if (whole["$ref"] is { } reference)
        {
            whole = new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = reference.GetValue<string>() }) };
        }

        whole["definitions"] = document["components"]!["schemas"]!.DeepClone();
        return JsonSchema.FromJsonAsync(whole.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal));
    }

    /// <summary>One service for all of the tests: they change nothing in common.</summary>
    public sealed class SharedHost : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        internal OpenApiDocument Document { get; private set; } = null!;

        internal JsonNode Text { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Host = await ApiHost.StartAsync();
            string text = await Host.Client.GetStringAsync("/openapi/v1.json");
            ReadResult result = OpenApiDocument.Parse(text, "json");
            Assert.Empty(result.Diagnostic!.Errors);
            Assert.Empty(result.Diagnostic.Warnings);
            (Document, Text) = (result.Document!, JsonNode.Parse(text)!);
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
