using System.Text;

namespace ActorTrace.Traces.Formats.Reading;

/// <summary>The arguments of an event as a string, as ftrace text shows them.</summary>
#pragma warning disable CA1001 // a stream in memory holds nothing that must be given back
internal sealed class EventLine
#pragma warning restore CA1001
{
    private readonly MemoryStream _bytes = new();
    private readonly TextBuffer _text;

    public EventLine() => _text = new TextBuffer(_bytes);

    /// <summary>The arguments.</summary>
    public string Of(in TraceEvent next)
    {
        _bytes.SetLength(0);
        EventText.Write(_text, next);
        _text.Flush();
        return Encoding.UTF8.GetString(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));
    }
}
