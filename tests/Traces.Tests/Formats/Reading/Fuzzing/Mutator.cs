using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Tests.Formats.Reading.Fuzzing;

/// <summary>Damages files: the same seed damages the same file in the same way.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> files)
{
    private const int MostSteps = 8;
    private const int LongestPiece = 4096;

    private static readonly ulong[] Values =
    [
        0, 1, 2, 3, 4, 7, 8, 29, 30, 31, 0x7F, 0x80, 0xFF, 0x100, 0xFFF, 0x1000, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ];

    private static readonly string[] Words =
    [
        "-1", "0", "4096", "65536", "4294967295", "18446744073709551615", "99999999999999999999", "offset:", "size:", "field:", "__data_loc char[] ", "__rel_loc ", "[4]", "[]",
        "name: ", "ID: ", "common_", " ==> ", "prev_comm=", " next_pid=", "[000] 1.5: ", "CPU:1 [LOST 5 EVENTS]\n", "\n", "\r\n", "\0", "# tracer: nop\n", "sched_switch: ", "</script>", "é",
    ];

#pragma warning disable CA5394 // reproducible, not secret
    private readonly Random _random = new(seed);

    /// <summary>A damaged file.</summary>
    public byte[] Next()
    {
        byte[] file = files[_random.Next(files.Count)];
        var bytes = new List<byte>(file);
        int steps = 1 + _random.Next(MostSteps);
        for (int i = 0; i < steps && bytes.Count > 0; i++)
        {
            Step(bytes);
        }

        return [.. bytes];
    }

    private void Step(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count);
        int length = Math.Min(1 + _random.Next(_random.Next(2) == 0 ? 8 : LongestPiece), bytes.Count - at);
        switch (_random.Next(10))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1: bytes[at] = (byte)_random.Next(256); break;
            case 2 or 3: Number(bytes, at); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(_random.Next(bytes.Count - length + 1), length)); break;
            case 6: Overwrite(bytes, at, [.. bytes.GetRange(_random.Next(bytes.Count - length + 1), length)]); break;
            case 7: Overwrite(bytes, at, Encoding.UTF8.GetBytes(Words[_random.Next(Words.Length)])); break;
            case 8: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[_random.Next(Words.Length)])); break;
            default: Rare(bytes, at, length); break;
        }
    }

    private void Rare(List<byte> bytes, int at, int length)
    {
        if (_random.Next(2) == 0)
        {
            bytes.RemoveRange(at, bytes.Count - at);
            return;
        }

        byte[] other = files[_random.Next(files.Count)];
        int from = _random.Next(other.Length);
        Overwrite(bytes, at, other[from..Math.Min(other.Length, from + length)]);
    }

    /// <summary>A number with an interesting value, of 1 to 8 bytes, in either byte order, or as digits.</summary>
    private void Number(List<byte> bytes, int at)
    {
        ulong value = Values[_random.Next(Values.Length)] + (ulong)_random.Next(3) - 1;
        int size = 1 << _random.Next(4);
        byte[] number = [.. BitConverter.GetBytes(value).Take(size)];
        Overwrite(bytes, at, _random.Next(4) switch
        {
            0 => [.. number.Reverse()],
            1 => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)),
            _ => number,
        });
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] piece)
    {
        for (int i = 0; i < piece.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = piece[i];
        }
    }
}
