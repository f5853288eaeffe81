namespace ActorTrace.Traces.Timelines.Page;

/// <summary>Columns of numbers as LEB128.</summary>
/// <param name="output">Where to.</param>
internal sealed class ColumnWriter(Stream output)
{
    private const int LongestNumber = 10;

    private readonly byte[] _bytes = new byte[1 << 16];
    private int _used;

    /// <summary>A number of each row.</summary>
    public void Column<T>(IReadOnlyList<T> rows, Func<T, ulong> number)
    {
        foreach (T row in rows)
        {
            Number(number(row));
        }
    }

    /// <summary>A time of each row, as the distance to that of the row before.</summary>
    public void Times<T>(IReadOnlyList<T> rows, Func<T, ulong> time, ulong start)
    {
        ulong last = start;
        foreach (T row in rows)
        {
            Number(time(row) - last);
            last = time(row);
        }
    }

    /// <summary>One number.</summary>
    public void Number(ulong value)
    {
        if (_used > _bytes.Length - LongestNumber)
        {
            Flush();
        }

        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_used++] = (byte)(value | 0x80);
        }

        _bytes[_used++] = (byte)value;
    }

    /// <summary>Hands what there is to the stream.</summary>
    public void Flush()
    {
        output.Write(_bytes, 0, _used);
        _used = 0;
    }
}
