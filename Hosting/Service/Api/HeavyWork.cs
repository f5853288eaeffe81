namespace ActorTrace.Hosting.Service.Api;

/// <summary>Bounds the requests that compute for long at the same time; the others wait.</summary>
internal sealed class HeavyWork : IDisposable
{
    private readonly SemaphoreSlim _turns = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Computes when it is this request's turn, on a thread where it may block.</summary>
    public async Task<T> DoAsync<T>(Func<T> compute, CancellationToken stop)
    {
        await _turns.WaitAsync(stop);
        try
        {
            return await Task.Run(compute, stop);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
