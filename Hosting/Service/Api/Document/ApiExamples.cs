using System.Text.Json.Nodes;
using ActorTrace.Hosting.Service.Api.Counters;
using Microsoft.AspNetCore.Mvc;

namespace ActorTrace.Hosting.Service.Api.Document;

/// <summary>Examples and words of the OpenAPI document.</summary>
internal static class ApiExamples
{
    private const string Run = """
        {"id":"0001-20534a36613b","name":"arndale","state":"running","reason":null,"begunAt":"2026-01-31T12:00:00+00:00","simulatedNs":250000000,
        "durationNs":2000000000,"cores":2,"guests":[{"name":"android","firstCpu":0,"vcpus":1},{"name":"ucos","firstCpu":1,"vcpus":1}],"hash":null,"isLive":true}
        """;

    private static readonly Dictionary<Type, string> Schemas = new()
    {
        [typeof(RunStatus)] = Run,
        [typeof(RunPage)] = $$"""{"items":[{{Run}}],"next":null}""",
        [typeof(StepRequest)] = """{"ns":1000000}""",
        [typeof(NameList)] = """{"items":["OSCtxSw","OSIntCtxSw"]}""",
        [typeof(RunCounters)] = """
            {"events":1490,"switches":611,"wakeups":318,"hits":47,"ipis":48,"injections":307,"traps":1210,"lost":0,
            "probes":[{"probe":1,"name":"OSCtxSw","status":"armed","hits":38,"filtered":0,"overrun":0,"drained":38,"converted":38}]}
            """,
        [typeof(ProblemDetails)] = """{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no such run (GET /api/v1/runs lists them)"}""",
    };

    /// <summary>What the parameters mean, with a value of each.</summary>
    public static readonly IReadOnlyDictionary<string, (string Text, JsonNode Example)> Parameters = new Dictionary<string, (string Text, JsonNode Example)>(StringComparer.Ordinal)
    {
        ["id"] = ("A run's id.", "0001-20534a36613b"),
        ["view"] = ("gpos (default): a CPU is a vCPU. board: a CPU is a physical core, with the hypervisor's events.", "gpos"),
        ["limit"] = ("The most items of the answer.", 100),
        ["after"] = ("next of the page before.", "NjM5MDU1IDAwMDE"),
        ["from"] = ("events: number of the first event wanted. Elsewhere: only what is at this time or later.", "0"),
        ["until"] = ("Only what is before this time.", "1.5s"),
        ["cpu"] = ("Only this CPU of the view.", 0),
        ["task"] = ("Only what this task does, switches to it and its wake-ups.", "RTOS-Task1"),
        ["compression"] = ("trace.dat-v7: zstd or none.", "zstd"),
        ["format"] = ("A trace format.", "trace.dat"),
        ["guest"] = ("A guest's name.", "ucos"),
        ["follow"] = ("True to stay while the run lives.", true),
        ["prefix"] = ("How the names begin.", "OS"),
        ["file"] = ("A file of the control tree.", "enable"),
        ["Last-Event-ID"] = ("The id of the last message that was received: what follows it is sent.", "1024"),
    };

    /// <summary>The example of a schema; null where it has none.</summary>
    public static JsonNode? Of(Type type) => Schemas.TryGetValue(type, out string? text) ? JsonNode.Parse(text) : null;
}
