using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Takes the fields out of records of one file.</summary>
/// <param name="bigEndian">Whether integers begin with their highest byte.</param>
/// <param name="printk">Texts by address.</param>
internal sealed class RecordBytes(bool bigEndian, PrintkTexts printk)
{
    private const int CommBytes = 16;
    private const int LocationBits = 16;
    private const int MostArrayBytes = 32;
    private readonly NameCache _comms = new();
    private readonly TextCache _texts = new();

    /// <summary>An integer; a signed one is sign-extended.</summary>
    public ulong Number(ReadOnlySpan<byte> record, RecordedField field)
    {
        ReadOnlySpan<byte> place = Place(record, field.Offset, field.Size);
        ulong value = field.Size switch
        {
            sizeof(byte) => place[0],
            sizeof(ushort) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(place) : BinaryPrimitives.ReadUInt16LittleEndian(place),
            sizeof(uint) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(place) : BinaryPrimitives.ReadUInt32LittleEndian(place),
            _ => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(place) : BinaryPrimitives.ReadUInt64LittleEndian(place),
        };
        int unused = 64 - (8 * field.Size);
        return field.Signed ? (ulong)((long)(value << unused) >> unused) : value;
    }

    /// <summary>A text, whatever way it is stored.</summary>
    public string Text(ReadOnlySpan<byte> record, RecordedField field)
    {
        switch (field.Kind)
        {
            case RecordedKind.FixedText:
                ReadOnlySpan<byte> place = Place(record, field.Offset, field.Size);
                return (field.Size == CommBytes ? _comms.Find(place) : null) ?? _texts.Of(UpToNul(place));
            case RecordedKind.TailText:
                ReadOnlySpan<byte> tail = UpToNul(Place(record, field.Offset, record.Length - field.Offset));
                return _texts.Of(tail.EndsWith("\n"u8) ? tail[..^1] : tail);
            case RecordedKind.DynamicText:
                return _texts.Of(UpToNul(Dynamic(record, field)));
            case RecordedKind.TextAddress:
                ulong address = Number(record, field);
                return printk.At(address) ?? string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
            default:
                throw new ArgumentException($"{field.Kind} is no text", nameof(field));
        }
    }

    /// <summary>The bytes that a dynamic field points to.</summary>
    public ReadOnlySpan<byte> Dynamic(ReadOnlySpan<byte> record, RecordedField field)
    {
        ReadOnlySpan<byte> place = Place(record, field.Offset, sizeof(uint));
        uint location = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(place) : BinaryPrimitives.ReadUInt32LittleEndian(place);
        int offset = (ushort)location + (field.Relative ? field.Offset + sizeof(uint) : 0);
        int length = (int)(location >> LocationBits);
        return length == 0 ? [] : Place(record, offset, length);
    }

    /// <summary>The lowest 64 bits of a dynamic field of words, e.g. a mask of CPUs.</summary>
    /// <param name="record">The record.</param>
    /// <param name="field">The field.</param>
    /// <param name="wordBytes">Bytes of the kernel's long.</param>
    public ulong Mask(ReadOnlySpan<byte> record, RecordedField field, int wordBytes)
    {
        ReadOnlySpan<byte> words = Dynamic(record, field);
        ulong mask = 0;
        for (int i = 0; i + wordBytes <= words.Length && i < sizeof(ulong); i += wordBytes)
        {
            for (int b = 0; b < wordBytes; b++)
            {
                int shift = 8 * (i + (bigEndian ? wordBytes - 1 - b : b));
                mask |= (ulong)words[i + b] << shift;
            }
        }

        return mask;
    }

    /// <summary>Writes a field for a reader of text.</summary>
    public void Show(StringBuilder output, ReadOnlySpan<byte> record, RecordedField field)
    {
        switch (field.Kind)
        {
            case RecordedKind.Number when field.Signed:
                output.Append(CultureInfo.InvariantCulture, $"{(long)Number(record, field)}");
                break;
            case RecordedKind.Number:
                output.Append(CultureInfo.InvariantCulture, $"{Number(record, field)}");
                break;
            case RecordedKind.Bytes:
                Bytes(output, Place(record, field.Offset, field.Size == 0 ? record.Length - field.Offset : field.Size));
                break;
            case RecordedKind.DynamicBytes:
                Bytes(output, Dynamic(record, field));
                break;
            default:
                output.Append(Text(record, field));
                break;
        }
    }

    private static void Bytes(StringBuilder output, ReadOnlySpan<byte> bytes)
    {
        output.Append(Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, MostArrayBytes)]));
        output.Append(bytes.Length > MostArrayBytes ? "..." : string.Empty);
    }

    private static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    private static ReadOnlySpan<byte> Place(ReadOnlySpan<byte> record, int offset, int length) =>
        offset <= record.Length && length <= record.Length - offset && length >= 0
            ? record.Slice(offset, length)
            : throw new RecordTooShortException();
}

/// <summary>A record ends before a field that its format says it has; becomes a <see cref="TraceFileException"/> with the place.</summary>
internal sealed class RecordTooShortException : Exception;
