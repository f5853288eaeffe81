using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>Events as the service sends them (docs/API.md), each a JSON object.</summary>
internal sealed class EventJson : ITraceEventSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public List<string> All { get; } = [];

    public void Write(in TraceEvent next)
    {
        using var json = new Utf8JsonWriter(_bytes);
        Begin(json, next.Nanoseconds, next.Cpu, next.Type.Name);
        json.WriteNumber("p", next.Pid);
        json.WriteString("m", next.Comm);
        json.WriteStartObject("a");
        foreach (EventField field in next.Type.Fields)
        {
            if (field.IsText)
            {
                json.WriteString(field.Name, next.Text(field.Slot));
            }
            else if (field.Signed)
            {
                json.WriteNumber(field.Name, (long)next.Number(field.Slot));
            }
            else
            {
                json.WriteNumber(field.Name, next.Number(field.Slot));
            }
        }

        End(json);
    }

    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        using var json = new Utf8JsonWriter(_bytes);
        Begin(json, nanoseconds, cpu, "lost");
        json.WriteStartObject("a");
        json.WriteNumber("count", count);
        End(json);
    }

    private static void Begin(Utf8JsonWriter json, ulong at, int cpu, string name)
    {
        json.WriteStartObject();
        json.WriteNumber("t", at);
        json.WriteNumber("c", cpu);
        json.WriteString("n", name);
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        All.Add(Encoding.UTF8.GetString(_bytes.WrittenSpan));
        _bytes.ResetWrittenCount();
    }
}
