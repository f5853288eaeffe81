using System.Text.Json;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>A run at a moment, with the messages that tell of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Progress">The message `progress`.</param>
/// <param name="End">The message `end`.</param>
internal sealed record RunNews(RunStatus Run, ReadOnlyMemory<byte> Progress, ReadOnlyMemory<byte> End)
{
    /// <summary>Makes the messages.</summary>
    public static RunNews Of(RunStatus run, JsonSerializerOptions json)
    {
        byte[] data = JsonSerializer.SerializeToUtf8Bytes(run, json);
        return new RunNews(run, Message("event: progress\ndata: "u8, data), Message("event: end\ndata: "u8, data));
    }

    private static byte[] Message(ReadOnlySpan<byte> head, ReadOnlySpan<byte> data) => [.. head, .. data, .. "\n\n"u8];
}
