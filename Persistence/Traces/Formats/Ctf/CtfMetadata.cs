using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.Ctf;

/// <summary>The file metadata: what the streams hold, in TSDL (CTF 1.8.3, section 7).</summary>
internal static class CtfMetadata
{
    /// <summary>Its name.</summary>
    public const string FileName = "metadata";

    private const string Character = "integer { size = 8; align = 8; signed = false; encoding = UTF8; base = 10; }";

    private const string Types = """
        /* CTF 1.8 */
        typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
        typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
        typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
        typealias integer { size = 64; align = 8; signed = false; } := uint64_t;

        """;

    private static readonly string Layouts = string.Create(CultureInfo.InvariantCulture, $$"""

        env {
            hostname = "actortrace";
            domain = "kernel";
            sysname = "Linux";
            kernel_release = "6.1.0-actortrace";
            kernel_version = "#1 ActorTrace";
            tracer_name = "lttng-modules";
            tracer_major = 2;
            tracer_minor = 13;
            tracer_patchlevel = 0;
        };

        clock {
            name = "monotonic";
            description = "Nanoseconds since the board was switched on";
            freq = 1000000000;
            offset = 0;
        };

        typealias integer { size = 32; align = 8; signed = false; map = clock.monotonic.value; } := uint32_clock_monotonic_t;
        typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := uint64_clock_monotonic_t;

        struct packet_context {
            uint64_clock_monotonic_t timestamp_begin;
            uint64_clock_monotonic_t timestamp_end;
            uint64_t content_size;
            uint64_t packet_size;
            uint64_t packet_seq_num;
            uint64_t events_discarded;
            uint32_t cpu_id;
        };

        struct event_header_large {
            enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;
            variant <id> {
                struct {
                    uint32_clock_monotonic_t timestamp;
                } compact;
                struct {
                    uint32_t id;
                    uint64_clock_monotonic_t timestamp;
                } extended;
            } v;
        } align(8);

        stream {
            id = 0;
            event.header := struct event_header_large;
            packet.context := struct packet_context;
            event.context := struct {
                integer { size = 32; align = 8; signed = true; } _tid;
                integer { size = 32; align = 8; signed = true; } _pid;
                {{Character}} _procname[{{CtfWriter.ProcessNameBytes}}];
            };
        };

        """);

    /// <summary>The trace's UUID (RFC 4122, version 4 by its bits): the same for the same run.</summary>
    public static Guid Identity(ulong traceId)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, traceId);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ~traceId);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The text.</summary>
    public static string Write(Guid uuid, IReadOnlyList<EventType> types)
    {
        var text = new StringBuilder(Types);
        text.Append(CultureInfo.InvariantCulture, $$"""
            trace {
                major = 1;
                minor = 8;
                uuid = "{{uuid:D}}";
                byte_order = le;
                packet.header := struct {
                    uint32_t magic;
                    uint8_t uuid[16];
                    uint32_t stream_id;
                    uint64_t stream_instance_id;
                };
            };

            """);
        text.Append(Layouts);
        foreach (EventType type in types)
        {
            Event(text, type);
        }

        return text.ToString();
    }

    private static void Event(StringBuilder text, EventType type)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""

            event {
                name = "{{CtfNames.Of(type)}}";
                id = {{type.Id}};
                stream_id = 0;
                fields := struct {

            """);
        foreach (EventField field in type.Fields)
        {
            string name = CtfNames.Of(type, field);
            string line = field.Kind switch
            {
                FieldKind.Bitmask => $"integer {{ size = 64; align = 8; signed = false; base = 16; }} {name};",
                FieldKind.Number => $"integer {{ size = {8 * field.Size}; align = 8; signed = {(field.Signed ? "true" : "false")}; base = {Base(type, field)}; }} {name};",
                FieldKind.Comm => $"{Character} {name}[{field.Size}];",
                _ => $"string {name};",
            };
            text.Append("        ").Append(line).Append('\n');
        }

        text.Append("    };\n};\n");
    }

    /// <summary>Shown as ftrace text shows it.</summary>
    private static int Base(EventType type, EventField field) =>
        type.Pieces.Any(p => p.Field == field && p.Style == FieldStyle.Hexadecimal) ? 16 : 10;
}
