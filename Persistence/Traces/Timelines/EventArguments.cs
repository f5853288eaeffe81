using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>The arguments of events as text, each text kept once.</summary>
/// <param name="texts">Keeps them.</param>
[SuppressMessage("Design", "CA1001", Justification = "A MemoryStream holds nothing to give back.")]
internal sealed class EventArguments(TextTable texts)
{
    private readonly MemoryStream _bytes = new();
    private readonly char[] _characters = new char[1 << 14];
    private TextBuffer? _buffer;

    /// <summary>Number of the text of an event's arguments, e.g. "pc=0x40008bb8 caller=0x4000a0f4 sp=0x40012f80".</summary>
    public int Of(in TraceEvent next) => texts.Of(Format(next));

    /// <summary>The text itself.</summary>
    public ReadOnlySpan<char> Format(in TraceEvent next)
    {
        _bytes.SetLength(0);
        _buffer ??= new TextBuffer(_bytes);
        EventText.Write(_buffer, next);
        _buffer.Flush();
        int length = (int)Math.Min(_bytes.Length, _characters.Length);
        _ = Encoding.Latin1.GetChars(_bytes.GetBuffer().AsSpan(0, length), _characters);
        return _characters.AsSpan(0, length);
    }
}
