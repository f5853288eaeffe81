using System.Buffers.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>The bytes of every record of the catalogue, schema version 1 (docs/formats/journal.md).</summary>
/// <remarks>
/// All integers are little-endian, nothing is aligned. A record is
/// <code>
///  offset  size  field
///       0     2  kind       RecordKind
///       2     2  length     bytes of the whole record, this header included
///       4     8  cause.at   cycles
///      12     2  cause.source
///      14     8  cause.sequence
///      22     .  the fields of the kind (StepLayouts, LaneLayouts, ControlLayouts)
/// </code>
/// Layouts are only ever extended, at their end: a reader skips bytes behind the last field that it knows, and records of
/// kinds that it does not know.
/// </remarks>
public static class RecordCodec
{
    /// <summary>The version of these layouts, in <see cref="RunManifest.SchemaVersion"/>.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The longest record in bytes: what the length field can say.</summary>
    public const int MaxRecordBytes = ushort.MaxValue;

    /// <summary>The longest text field in bytes; no kind has more than three.</summary>
    public const int MaxTextBytes = 0x3FFF;

    /// <summary>kind, length and cause.</summary>
    internal const int HeaderBytes = 22;

    /// <summary>kind and length.</summary>
    internal const int PrefixBytes = 4;

    /// <summary>A task name with its NUL padding, as Linux's TASK_COMM_LEN.</summary>
    internal const int CommBytes = 16;

    /// <summary>Writes a record.</summary>
    /// <param name="record">What to write.</param>
    /// <param name="destination">At least <see cref="MaxRecordBytes"/> bytes.</param>
    /// <returns>The record's length in bytes.</returns>
    /// <exception cref="ArgumentException">A text is longer than <see cref="MaxTextBytes"/>, or a task name is not at most 15 ASCII characters.</exception>
    public static int Encode(TraceRecord record, Span<byte> destination)
    {
        var writer = new LayoutWriter(destination);
        writer.U16((ushort)record.Kind);
        writer.U16(0);
        writer.Stamp(record.Cause);
        switch (record)
        {
            case StepRecord step: StepLayouts.Put(ref writer, step); break;
            case LaneRecord lane: LaneLayouts.Put(ref writer, lane); break;
            case ConsoleRecord console: StepLayouts.Put(ref writer, console); break;
            case GuestStateRecord state: StepLayouts.Put(ref writer, state); break;
            case ControlRecord control: ControlLayouts.Put(ref writer, control); break;
            case ProbeCountsRecord counts: ControlLayouts.Put(ref writer, counts); break;
            case RunEndRecord end: ControlLayouts.Put(ref writer, end); break;
            case CommandRecord command: ControlLayouts.Put(ref writer, command); break;
            default: throw new ArgumentException($"{record.GetType().Name} has no layout", nameof(record));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(destination[sizeof(ushort)..], checked((ushort)writer.Position));
        return writer.Position;
    }

    /// <summary>Reads one whole record.</summary>
    /// <param name="bytes">The record, as long as its length field says.</param>
    /// <param name="offset">Where it stands in its stream, for messages.</param>
    /// <param name="names">Names read before.</param>
    /// <returns>The record, or null where its kind is unknown to this version.</returns>
    /// <exception cref="JournalFormatException">The fields do not fit the layout.</exception>
    internal static TraceRecord? Decode(ReadOnlySpan<byte> bytes, long offset, NameCache names)
    {
        var reader = new LayoutReader(bytes, offset, names);
        var kind = (RecordKind)reader.U16();
        _ = reader.U16();
        if (!IsKnown(kind))
        {
            return null;
        }

        Machine.Values.Stamp cause = reader.Stamp();
        return kind switch
        {
            RecordKind.Step => StepLayouts.GetStep(ref reader, cause),
            RecordKind.Console => StepLayouts.GetConsole(ref reader, cause),
            RecordKind.GuestState => StepLayouts.GetGuestState(ref reader, cause),
            RecordKind.Control => ControlLayouts.GetControl(ref reader, cause),
            RecordKind.ProbeCounts => ControlLayouts.GetProbeCounts(ref reader, cause),
            RecordKind.RunEnd => ControlLayouts.GetRunEnd(ref reader, cause),
            RecordKind.Command => ControlLayouts.GetCommand(ref reader, cause),
            _ => LaneLayouts.Get(ref reader, cause, kind),
        };
    }

    /// <summary>True for the kinds of this version.</summary>
    internal static bool IsKnown(RecordKind kind) =>
        kind is RecordKind.Step or RecordKind.Console or RecordKind.GuestState
            or (>= RecordKind.Switch and <= RecordKind.Foreign)
            or RecordKind.Control or RecordKind.ProbeCounts or RecordKind.RunEnd or RecordKind.Command;
}
