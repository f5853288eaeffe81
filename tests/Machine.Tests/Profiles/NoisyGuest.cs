using ActorTrace.Machine.Profiles;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>A guest in whose memory and registers anything may stand, another thing at each reading.</summary>
internal sealed class NoisyGuest(Random random) : IGuestReader
{
    /// <summary>How often memory was read.</summary>
    internal int Reads { get; private set; }

    public bool TryRead(uint guestVa, Span<byte> destination)
    {
        Reads++;
        random.NextBytes(destination);
        return random.Next(20) != 0;
    }

    public uint Register(ProfileRegister r) => (uint)random.NextInt64(1L << 32);
}
