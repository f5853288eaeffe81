namespace ActorTrace.Traces.Formats.Chrome;

/// <summary>Puts printable ASCII and line ends into a JSON string (RFC 8259, section 7).</summary>
internal sealed class JsonTextStream(Stream output) : Stream
{
    private byte[] _buffer = [];

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
    public override void Flush() => output.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_buffer.Length < 2 * buffer.Length)
        {
            _buffer = new byte[2 * buffer.Length];
        }

        int used = 0;
        foreach (byte character in buffer)
        {
            if (character is (byte)'"' or (byte)'\\' or (byte)'\n')
            {
                _buffer[used++] = (byte)'\\';
            }

            _buffer[used++] = character == '\n' ? (byte)'n' : character;
        }

        output.Write(_buffer, 0, used);
    }
}
