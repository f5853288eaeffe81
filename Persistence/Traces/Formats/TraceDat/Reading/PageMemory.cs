using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Bounds the memory that the pages and chunks of all CPUs take together.</summary>
internal sealed class PageMemory
{
    /// <summary>Bytes at the most.</summary>
    public const long Most = 1L << 28;

    private byte[] _scratch = [];
    private long _taken;

    /// <summary>Takes memory.</summary>
    /// <exception cref="TraceFileException">There is not so much.</exception>
    public void Take(int bytes, long place)
    {
        _taken += bytes;
        if (_taken > Most)
        {
            throw new TraceFileException(TracePlace.Byte(place), $"the pages of all CPUs take more than {Most >> 20} MiB");
        }
    }

    /// <summary>Memory for what is used at once: the same for all.</summary>
    public Span<byte> Scratch(int bytes, long place)
    {
        if (_scratch.Length < bytes)
        {
            Take(bytes - _scratch.Length, place);
            _scratch = new byte[bytes];
        }

        return _scratch.AsSpan(0, bytes);
    }
}
