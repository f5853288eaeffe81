using System.Globalization;
using System.Text.Json;

namespace ActorTrace.Service.Tests;

/// <summary>A message of server-sent events.</summary>
internal sealed record ServerEvent(string Name, string Id, string Data);

/// <summary>Reads server-sent events as the standard says (WHATWG HTML, 9.2.6), and keeps what a client keeps of them.</summary>
internal sealed class EventReader
{
    /// <summary>What was received, by number; null for what was missed.</summary>
    public SortedDictionary<ulong, string> Received { get; } = [];

    public List<(ulong From, ulong To)> Missed { get; } = [];

    public List<JsonElement> Progress { get; } = [];

    /// <summary>The last id, as a browser sends it when it connects again.</summary>
    public string LastId { get; private set; } = "0";

    public JsonElement? End { get; private set; }

    /// <summary>Reads until the stream ends, or as many messages as wanted.</summary>
    public async Task ReadAsync(HttpClient client, string path, int messages, Func<Task>? between = null, CancellationToken stop = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (LastId is not "0")
        {
            request.Headers.Add("Last-Event-ID", LastId);
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        await foreach (ServerEvent message in MessagesAsync(lines, stop))
        {
            Take(message);
            if (End is not null || --messages == 0)
            {
                return;
            }

            if (between is not null)
            {
                await between();
            }
        }
    }

    private static async IAsyncEnumerable<ServerEvent> MessagesAsync(StreamReader lines, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        (string name, string id, string data) = ("message", "", "");
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    yield return new ServerEvent(name, id, data);
                }

                (name, data) = ("message", "");
                continue;
            }

            string[] parts = line.Split(": ", 2);
            switch (parts[0])
            {
                case "event": name = parts[1]; break;
                case "id": id = parts[1]; break;
                case "data": data += parts[1]; break;
                default: Assert.StartsWith(":", line, StringComparison.Ordinal); break;
            }
        }
    }

    private void Take(ServerEvent message)
    {
        using JsonDocument data = JsonDocument.Parse(message.Data);
        JsonElement root = data.RootElement.Clone();
        switch (message.Name)
        {
            case "events":
                ulong number = root.GetProperty("first").GetUInt64();
                foreach (JsonElement one in root.GetProperty("events").EnumerateArray())
                {
                    Assert.True(Received.TryAdd(number++, one.GetRawText()), $"event {number - 1} came twice");
                }

                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), message.Id);
                LastId = message.Id;
                break;
            case "missed":
                Missed.Add((root.GetProperty("from").GetUInt64(), root.GetProperty("to").GetUInt64()));
                LastId = message.Id;
                break;
            case "progress": Progress.Add(root); break;
            case "end": End = root; break;
            default: Assert.Fail(message.Name); break;
        }
    }
}
