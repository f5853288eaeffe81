using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>A guest that stands still: the image's memory as a loader leaves it, with changes, and registers.</summary>
internal sealed class StillGuest(ElfImage image) : IGuestReader
{
    private readonly SortedDictionary<uint, byte> _changes = [];
    private readonly uint[] _registers = new uint[Enum.GetValues<ProfileRegister>().Length];

    /// <summary>From this address on nothing can be read.</summary>
    internal uint End { get; set; } = uint.MaxValue;

    public bool TryRead(uint guestVa, Span<byte> destination)
    {
        if ((ulong)guestVa + (ulong)destination.Length > End)
        {
            return false;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            // Real memory consists of whole words, also behind the last byte of a segment.
            uint address = guestVa + (uint)i;
            var present = destination.Slice(i, 1);
            if (!image.TryRead(new GuestVa(address), present) && !image.TryRead(new GuestVa(address & ~3u), present))
            {
                return false;
            }

            destination[i] = _changes.TryGetValue(address, out byte changed) ? changed : destination[i];
        }

        return true;
    }

    public uint Register(ProfileRegister r) => _registers[(int)r];

    internal void Set(ProfileRegister register, uint value) => _registers[(int)register] = value;

    internal void Write(uint address, params byte[] bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            _changes[address + (uint)i] = bytes[i];
        }
    }

    internal void WriteWord(uint address, uint value) => Write(address, BitConverter.GetBytes(value));

    internal uint AddressOf(string symbol) =>
        image.Symbols.TryFind(symbol, out var found) ? found.Address.Value : throw new InvalidOperationException(symbol);
}
