using System.Globalization;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>The options of a trace.dat that change what is read; the others are left out.</summary>
internal sealed class FileOptions
{
    private const ushort Date = 1;
    private const ushort Offset = 7;
    private const ushort CpuCount = 8;
    private const ushort TscToNanoseconds = 14;
    private const int MostNumberText = 64;
    private const int MostShift = 63;

    /// <summary>Nanoseconds to add to every time stamp.</summary>
    public long Shift { get; private set; }

    /// <summary>Number of CPUs of the machine; 0 where it is not said.</summary>
    public uint Cpus { get; private set; }

    private uint _multiplier;
    private int _shift;

    /// <summary>Takes an option.</summary>
    /// <param name="reader">At its data.</param>
    /// <param name="id">Its number.</param>
    /// <param name="size">Bytes of its data.</param>
    public void Read(ByteReader reader, ushort id, uint size)
    {
        long end = reader.Position + size;
        switch (id)
        {
            // Microseconds, or nanoseconds, as a number in C's notation.
            case Date: Shift = unchecked(Shift + (Number(reader, size) * 1000)); break;
            case Offset: Shift = unchecked(Shift + Number(reader, size)); break;
            case CpuCount when size >= sizeof(uint): Cpus = reader.U32("CPUCOUNT"); break;
            case TscToNanoseconds when size >= 2 * sizeof(uint):
                // The base behind it ties guests to their host; trace-cmd leaves it out of the times of a file.
                _multiplier = reader.U32("TSC2NSEC");
                _shift = (int)Math.Min(reader.U32("TSC2NSEC"), MostShift);
                break;
            default: break;
        }

        reader.Skip((ulong)(end - reader.Position), "an option");
    }

    /// <summary>A time stamp of the file in nanoseconds; more than 63 bits where no trace format can hold it.</summary>
    public ulong Nanoseconds(ulong stamp)
    {
        if (_multiplier != 0)
        {
            UInt128 scaled = (UInt128)stamp * _multiplier >> _shift;
            stamp = scaled > ulong.MaxValue ? ulong.MaxValue : (ulong)scaled;
        }

        Int128 shifted = (Int128)stamp + Shift;
        return shifted < 0 ? 0 : shifted > ulong.MaxValue ? ulong.MaxValue : (ulong)shifted;
    }

    private static long Number(ByteReader reader, uint size)
    {
        string text = reader.Text(size, MostNumberText, "a time option").TrimEnd('\0', '\n', ' ');
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        bool hexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        _ = long.TryParse(
            hexadecimal ? digits[2..] : digits, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out long number);
        return negative ? unchecked(-number) : number;
    }
}
