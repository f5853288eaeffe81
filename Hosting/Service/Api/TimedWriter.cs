using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>Writes an answer to a client that may be slow or gone: one that takes nothing for long is cut off.</summary>
internal sealed class TimedWriter : IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationTokenSource _stop;

    /// <summary>A writer of a request's answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="shutdown">Ends it with the service.</param>
    public TimedWriter(HttpContext context, CancellationToken shutdown)
    {
        _context = context;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, shutdown);
    }

    /// <summary>How long a client may take nothing.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>Cancelled when the client is gone or the service ends.</summary>
    public CancellationToken Gone => _stop.Token;

    /// <summary>Writes bytes; done when they are on their way.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or takes nothing.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _stop.CancelAfter(Patience);
        try
        {
            await _context.Response.Body.WriteAsync(bytes, Gone);
        }
        catch (OperationCanceledException)
        {
            _context.Abort();
            throw;
        }

        _stop.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _stop.Dispose();
}
