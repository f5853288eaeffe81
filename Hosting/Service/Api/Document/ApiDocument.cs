using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ActorTrace.Hosting.Service.Api.Document;

/// <summary>What the OpenAPI document says beside what the routes say themselves.</summary>
internal static class ApiDocument
{
    private const string Scheme = "bearer";

    /// <summary>Completes the document.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "ActorTrace",
                Version = "v1",
                Description = "Runs simulations of a virtualized real-time system, watches and controls them, and replays what is stored.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Scheme, Description = "Where the service was started with --token." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }, []];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            Complete(operation);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (ApiExamples.Of(context.JsonTypeInfo.Type) is { } example)
            {
                schema.Examples = [example];
            }

            return Task.CompletedTask;
        });
    }

    private static void Complete(OpenApiOperation operation)
    {
        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter.Name is { } name && ApiExamples.Parameters.TryGetValue(name, out (string Text, JsonNode Example) known))
            {
                (parameter.Description, parameter.Example) = (known.Text, known.Example.DeepClone());
            }
        }

        if (operation.OperationId is "startRun")
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["multipart/form-data"] = new() { Schema = UploadSchema() } },
            };
        }
        else if (operation.OperationId is "writeControl" or "postControl")
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = "1" },
                    ["application/x-www-form-urlencoded"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "curl -d sends text so named; it is taken as it is." } },
                },
            };
        }
    }

    private static OpenApiSchema UploadSchema()
    {
        static OpenApiSchema Binary(string text) => new() { Type = JsonSchemaType.String, Format = "binary", Description = text };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "scenario" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["scenario"] = Binary("The scenario, YAML."),
                ["file"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = Binary("ELF image, kernel profile or capture."),
                    Description = "The files that the scenario names, found by the last component of their paths.",
                },
                ["for"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Simulated time instead of the scenario's.", Examples = ["500ms"] },
                ["paused"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "True to wait at time 0." },
            },
        };
    }
}
