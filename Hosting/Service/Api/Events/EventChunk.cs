using System.Globalization;
using System.Text;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>Some events in a row as one message of server-sent events: encoded once, sent to every reader.</summary>
/// <param name="first">Number of the first event.</param>
/// <param name="lastNs">Time of the last one, nanoseconds.</param>
/// <param name="body">The events as JSON, joined by commas.</param>
/// <param name="ends">Where each event ends in the body.</param>
internal sealed class EventChunk(ulong first, ulong lastNs, ReadOnlySpan<byte> body, int[] ends)
{
    private readonly byte[] _message = Message(first, first + (ulong)ends.Length, body);
    private readonly int _bodyLength = body.Length;

    /// <summary>Number of the first event.</summary>
    public ulong First { get; } = first;

    /// <summary>Number of the event after the last one: the resume point behind it.</summary>
    public ulong Next { get; } = first + (ulong)ends.Length;

    /// <summary>Time of the last event, nanoseconds.</summary>
    public ulong LastNs { get; } = lastNs;

    /// <summary>Bytes that it holds.</summary>
    public int Size => _message.Length + (ends.Length * sizeof(int));

    /// <summary>The message with the events from a number on.</summary>
    /// <param name="from">The first event wanted; in the chunk.</param>
    public ReadOnlyMemory<byte> From(ulong from)
    {
        if (from == First)
        {
            return _message;
        }

        // Behind the comma of the last event that is left out.
        int begin = ends[(int)(from - First) - 1] + 1;
        int start = _message.Length - Tail.Length - _bodyLength;
        return Message(from, Next, _message.AsSpan(start + begin, _bodyLength - begin));
    }

    private static ReadOnlySpan<byte> Tail => "]}\n\n"u8;

    private static byte[] Message(ulong first, ulong next, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {next}\nevent: events\ndata: {{\"first\":{first},\"events\":["));
        return [.. head, .. body, .. Tail];
    }
}
