using System.IO.Pipelines;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>The writing end of a pipe for code that blocks: waits while the reader is behind, fails when it has left.</summary>
/// <param name="pipe">The pipe.</param>
internal sealed class PipeStream(PipeWriter pipe) : Stream
{
    private const int FlushAt = 1 << 15;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            Span<byte> room = pipe.GetSpan();
            int now = Math.Min(room.Length, buffer.Length);
            buffer[..now].CopyTo(room);
            pipe.Advance(now);
            buffer = buffer[now..];
            if (pipe.UnflushedBytes >= FlushAt)
            {
                Flush();
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        if (pipe.FlushAsync().AsTask().GetAwaiter().GetResult() is { IsCompleted: true })
        {
            throw new OperationCanceledException("the reader has left");
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
