using System.Security.Cryptography;
using System.Text;

namespace ActorTrace.Traces.Binary;

/// <summary>SHA-256 over the uncompressed record bytes of one stream, whatever batches they came in.</summary>
public sealed class StreamHasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Appends the next bytes of the stream.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>The hash of what was appended so far, 32 bytes; more may be appended afterwards.</summary>
    public byte[] Current() => _hash.GetCurrentHash();

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}

/// <summary>The hash of a run: equal for equal inputs, for any number of threads and on any machine.</summary>
public static class RunHash
{
    /// <summary>SHA-256 over the lines "name hex\n" (UTF-8, lower-case digits) in ordinal order of the streams' names.</summary>
    /// <param name="streams">Names without the run id (<see cref="StreamNames"/>), each once, in any order, with their hashes.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static string Combine(IEnumerable<(string StreamName, byte[] Sha)> streams)
    {
        (string Name, byte[] Sha)[] sorted = [.. streams];
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && string.Equals(sorted[i].Name, sorted[i - 1].Name, StringComparison.Ordinal))
            {
                throw new ArgumentException($"stream {sorted[i].Name} occurs twice", nameof(streams));
            }

            hash.AppendData(Encoding.UTF8.GetBytes($"{sorted[i].Name} {Convert.ToHexStringLower(sorted[i].Sha)}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
