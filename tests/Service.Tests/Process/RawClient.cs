using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ActorTrace.Service.Tests.Process;

/// <summary>A client that says what no honest one does.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _connection = new();
    private readonly NetworkStream _stream;

    public RawClient(Uri address)
    {
        _connection.Connect(address.Host, address.Port);
        _stream = _connection.GetStream();
    }

    public Socket Socket => _connection.Client;

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Sends as long as the service takes it, at most so long; false where it was cut off.</summary>
    public async Task<bool> TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The status of the answer; 0 where the connection was closed without one.</summary>
    public async Task<int> StatusAsync(TimeSpan patience)
    {
        using var stop = new CancellationTokenSource(patience);
        try
        {
            using var reader = new StreamReader(_stream, Encoding.Latin1, leaveOpen: true);
            string? line = await reader.ReadLineAsync(stop.Token);
            return line is null ? 0 : int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _connection.Dispose();
}
