using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Access;

/// <summary>Bounds the answers that are being streamed: each holds a thread or a place at a feed.</summary>
/// <param name="limits">How many there may be.</param>
internal sealed class ReaderSlots(ServiceLimits limits)
{
    private int _taken;

    /// <summary>Answers that are being streamed.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a slot until the result is disposed of.</summary>
    /// <exception cref="ApiException">There are as many readers as allowed.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) <= limits.MaxReaders)
        {
            return new Slot(this);
        }

        Interlocked.Decrement(ref _taken);
        throw new ApiException(StatusCodes.Status429TooManyRequests, $"there are {limits.MaxReaders} readers, as many as allowed (try again when one has left)");
    }

    private sealed class Slot(ReaderSlots slots) : IDisposable
    {
        private int _open = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _open, 0) == 1)
            {
                Interlocked.Decrement(ref slots._taken);
            }
        }
    }
}
