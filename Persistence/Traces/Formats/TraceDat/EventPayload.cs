using System.Buffers.Binary;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>The bytes of an event as its format file describes them; the same in trace.dat and in perf's raw samples.</summary>
internal static class EventPayload
{
    private const int CommBytes = 16;

    /// <summary>Bytes of an event, padded to 4.</summary>
    public static int Size(in TraceEvent next)
    {
        int size = next.Type.FixedBytes;
        foreach (EventField field in next.Type.Fields)
        {
            size += field.Kind switch
            {
                FieldKind.DynamicText or FieldKind.TailText => TextBytes(next.Text(field.Slot)),
                FieldKind.Bitmask => sizeof(ulong),
                _ => 0,
            };
        }

        return (size + 3) & ~3;
    }

    /// <summary>Writes the event.</summary>
    /// <param name="next">The event.</param>
    /// <param name="space">As long as <see cref="Size"/> says, zeroed.</param>
    public static void Write(in TraceEvent next, Span<byte> space)
    {
        // common_type, common_flags, common_preempt_count (0), common_pid
        BinaryPrimitives.WriteUInt16LittleEndian(space, next.Type.Id);
        space[2] = next.Type.Flags;
        BinaryPrimitives.WriteInt32LittleEndian(space[4..], next.Pid);
        int end = next.Type.FixedBytes;
        foreach (EventField field in next.Type.Fields)
        {
            Span<byte> place = space[field.Offset..];
            switch (field.Kind)
            {
                case FieldKind.Number when field.Size == sizeof(ulong):
                    BinaryPrimitives.WriteUInt64LittleEndian(place, next.Number(field.Slot));
                    break;
                case FieldKind.Number:
                    BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)next.Number(field.Slot));
                    break;
                case FieldKind.StaticText:
                    BinaryPrimitives.WriteUInt64LittleEndian(place, next.Number(field.AddressSlot));
                    break;
                case FieldKind.Bitmask:
                    BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)(sizeof(ulong) << 16 | end));
                    BinaryPrimitives.WriteUInt64LittleEndian(space[end..], next.Number(field.Slot));
                    end += sizeof(ulong);
                    break;
                case FieldKind.Comm:
                    _ = PlainText.Write(next.Text(field.Slot), place[..(CommBytes - 1)]);
                    break;
                case FieldKind.DynamicText:
                    int length = TextBytes(next.Text(field.Slot));
                    BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)(length << 16 | end));
                    _ = PlainText.Write(next.Text(field.Slot), space.Slice(end, length - 1));
                    end += length;
                    break;
                default:
                    _ = PlainText.Write(next.Text(field.Slot), space.Slice(end, TextBytes(next.Text(field.Slot)) - 1));
                    break;
            }
        }
    }

    /// <summary>Bytes of a text with its NUL.</summary>
    private static int TextBytes(string text) => Math.Min(text.Length, PlainText.MostBytes) + 1;
}
