using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Uploads;

/// <summary>Bounds the memory of all uploads that are being received, together.</summary>
/// <param name="limits">How long one may be.</param>
internal sealed class UploadBudget(ServiceLimits limits)
{
    // Two of the longest, or many usual ones.
    private readonly long _all = 2 * limits.MaxUploadBytes;
    private long _used;

    /// <summary>Begins to count an upload.</summary>
    public Claim Begin() => new(this, limits.MaxUploadBytes);

    /// <summary>What one upload holds, until it is disposed of.</summary>
    internal sealed class Claim(UploadBudget budget, long most) : IDisposable
    {
        private long _held;

        /// <summary>Counts bytes.</summary>
        /// <exception cref="ApiException">The upload is too long, or there are too many at the same time.</exception>
        public void Add(int bytes)
        {
            _held += bytes;
            long used = Interlocked.Add(ref budget._used, bytes);
            if (_held > most)
            {
                throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"the upload is longer than {most >> 20} MiB (leave out what the scenario does not need)");
            }

            if (used > budget._all)
            {
                throw new ApiException(StatusCodes.Status429TooManyRequests, "others are uploading (try again when they are done)");
            }
        }

        public void Dispose()
        {
            Interlocked.Add(ref budget._used, -_held);
            _held = 0;
        }
    }
}
