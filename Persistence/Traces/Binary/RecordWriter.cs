using System.Buffers;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Packs records one behind the other into a growing buffer: the payload of a journal batch.</summary>
public sealed class RecordWriter : IDisposable
{
    private byte[] _buffer;

    /// <summary>An empty writer.</summary>
    /// <param name="capacity">Bytes to begin with; it grows as needed.</param>
    public RecordWriter(int capacity = 4 * RecordCodec.MaxRecordBytes) =>
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 2 * RecordCodec.MaxRecordBytes));

    /// <summary>Records written since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written; valid until the next call of any other member.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Appends a record.</summary>
    /// <exception cref="ArgumentException">See <see cref="RecordCodec.Encode"/>; nothing is appended then.</exception>
    public void Add(TraceRecord record)
    {
        // Any record fits into what is then left, so the layouts need no check of their own.
        if (_buffer.Length - Length < RecordCodec.MaxRecordBytes)
        {
            Grow();
        }

        Length += RecordCodec.Encode(record, _buffer.AsSpan(Length));
        Count++;
    }

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear()
    {
        Count = 0;
        Length = 0;
    }

    /// <summary>Gives the buffer back; the writer must not be used any more.</summary>
    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Grow()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(_buffer.Length * 2));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
