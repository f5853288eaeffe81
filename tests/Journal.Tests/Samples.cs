using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;

namespace ActorTrace.Journal.Tests;

/// <summary>Batches whose bytes can be told apart.</summary>
public static class Samples
{
    public static readonly RunId Run = new(0xC0FFEE01, 1);

    /// <summary>Batch n holds n * 10 records of 16 bytes, pseudo-random in the first half so that it compresses in part.</summary>
    public static TraceBatch Batch(long number)
    {
        int records = (int)number * 10;
        byte[] payload = new byte[records * 16];
        new Random((int)number).NextBytes(payload.AsSpan(0, payload.Length / 2));
        return new TraceBatch(number, new VirtualInstant((ulong)number * 1000), new VirtualInstant((ulong)(number * 1000) + 999), records, payload);
    }

    public static void AssertEqual(TraceBatch expected, TraceBatch actual)
    {
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
    }
}
