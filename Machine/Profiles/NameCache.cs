using System.Runtime.InteropServices;
using System.Text;

namespace ActorTrace.Machine.Profiles;

/// <summary>Turns the bytes of names into strings, one string for equal bytes as long as the slot is not taken by
/// another name. The bytes are the key, so a hit can never be a stale name; cores may share it, as a slot is replaced
/// in one write.</summary>
internal sealed class NameCache
{
    private const int Slots = 256;
    private readonly Entry?[] _entries = new Entry?[Slots];

    private sealed record Entry(ulong Low, ulong High, string Text);

    /// <summary>The string of at most 15 bytes of ASCII.</summary>
    internal string Get(ReadOnlySpan<byte> name)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        name.CopyTo(padded);
        var words = MemoryMarshal.Cast<byte, ulong>(padded);
        ulong mixed = (words[0] ^ (words[1] * 31)) * 0x9E37_79B9_7F4A_7C15UL;
        ref var slot = ref _entries[mixed >> 56];
        var entry = Volatile.Read(ref slot);
        if (entry is null || entry.Low != words[0] || entry.High != words[1])
        {
            entry = new Entry(words[0], words[1], Encoding.ASCII.GetString(name));
            Volatile.Write(ref slot, entry);
        }

        return entry.Text;
    }
}
