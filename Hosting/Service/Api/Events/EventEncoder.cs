using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>Makes chunks of events.</summary>
/// <param name="first">Number of the first event that is written.</param>
internal sealed class EventEncoder(ulong first)
{
    /// <summary>Events of a full chunk.</summary>
    public const int MostEvents = 256;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText Lost = JsonEncodedText.Encode("lost");
    private static readonly JsonEncodedText Count = JsonEncodedText.Encode("count");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("t");
    private static readonly JsonEncodedText Cpu = JsonEncodedText.Encode("c");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("n");
    private static readonly JsonEncodedText Pid = JsonEncodedText.Encode("p");
    private static readonly JsonEncodedText Comm = JsonEncodedText.Encode("m");
    private static readonly JsonEncodedText Arguments = JsonEncodedText.Encode("a");

    private readonly ArrayBufferWriter<byte> _body = new(1 << 15);
    private readonly List<int> _ends = new(MostEvents);
    private readonly Dictionary<EventType, (JsonEncodedText Name, JsonEncodedText[] Fields)> _types = [];
    private Utf8JsonWriter? _json;
    private ulong _first = first;
    private ulong _lastNs;

    /// <summary>Events that are in no chunk yet.</summary>
    public int Waiting => _ends.Count;

    /// <summary>Adds an event.</summary>
    public void Add(in TraceEvent next)
    {
        Utf8JsonWriter json = Begin(next.Nanoseconds, next.Cpu);
        if (!_types.TryGetValue(next.Type, out (JsonEncodedText Name, JsonEncodedText[] Fields) type))
        {
            type = (JsonEncodedText.Encode(next.Type.Name), [.. next.Type.Fields.Select(field => JsonEncodedText.Encode(field.Name))]);
            _types.Add(next.Type, type);
        }

        json.WriteString(Name, type.Name);
        json.WriteNumber(Pid, next.Pid);
        json.WriteString(Comm, next.Comm);
        json.WriteStartObject(Arguments);
        for (int i = 0; i < type.Fields.Length; i++)
        {
            EventField field = next.Type.Fields[i];
            if (field.IsText)
            {
                json.WriteString(type.Fields[i], next.Text(field.Slot));
            }
            else if (field.Signed)
            {
                json.WriteNumber(type.Fields[i], (long)next.Number(field.Slot));
            }
            else
            {
                json.WriteNumber(type.Fields[i], next.Number(field.Slot));
            }
        }

        End(json, next.Nanoseconds);
    }

    /// <summary>Adds the mark of a loss, which counts as an event.</summary>
    public void AddLost(int cpu, ulong nanoseconds, ulong count)
    {
        Utf8JsonWriter json = Begin(nanoseconds, cpu);
        json.WriteString(Name, Lost);
        json.WriteStartObject(Arguments);
        json.WriteNumber(Count, count);
        End(json, nanoseconds);
    }

    /// <summary>The events that were added since the last chunk; at least one.</summary>
    public EventChunk Take()
    {
        var chunk = new EventChunk(_first, _lastNs, _body.WrittenSpan, [.. _ends]);
        _first = chunk.Next;
        _body.ResetWrittenCount();
        _ends.Clear();
        return chunk;
    }

    private Utf8JsonWriter Begin(ulong nanoseconds, int cpu)
    {
        if (_ends.Count > 0)
        {
            _body.Write(","u8);
        }

        _json ??= new Utf8JsonWriter(_body, Options);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber(Time, nanoseconds);
        _json.WriteNumber(Cpu, cpu);
        return _json;
    }

    private void End(Utf8JsonWriter json, ulong nanoseconds)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        _ends.Add(_body.WrittenCount);
        _lastNs = nanoseconds;
    }
}
