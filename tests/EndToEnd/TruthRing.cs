using System.Buffers.Binary;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd;

/// <summary>An entry of the ring that the RTOS guest keeps itself: the ground truth (guests/rtos/truth).</summary>
internal sealed record TruthEntry(ulong Counter, bool IsSwitch, int From, int To);

internal static class TruthRing
{
    private const int EntrySize = 16;
    private const int Capacity = 65536;

    /// <summary>Reads the ring out of the guest's RAM after a run.</summary>
    public static IReadOnlyList<TruthEntry> Read(GuestLease guest)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(guest, "truth_count", 4));
        Assert.InRange(count, 0u, (uint)Capacity);
        ReadOnlySpan<byte> ring = Bytes(guest, "truth_ring", (uint)(EntrySize * Capacity));
        List<TruthEntry> entries = [];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = ring.Slice(i * EntrySize, EntrySize);
            Assert.Equal((uint)i, BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
            entries.Add(new TruthEntry(BinaryPrimitives.ReadUInt64LittleEndian(entry), entry[8] == 1, entry[9], entry[10]));
        }

        return entries;
    }

    /// <summary>The bytes behind a symbol: its physical address in the image, in the guest's RAM.</summary>
    public static Span<byte> Bytes(GuestLease guest, string symbol, uint length)
    {
        Assert.True(guest.Spec.Image.Symbols.TryResolve(symbol, out GuestVa address), symbol);
        uint ipa = address.Value >= 0xC000_0000 ? address.Value - 0x8000_0000 : address.Value;
        ulong offset = ipa - guest.Spec.Platform.RamStart.Value;
        Pa ram = guest.Memory.Regions.First(r => r.Bytes.Length == guest.Spec.Platform.RamSize).Start;
        return guest.Memory.Slice(new Pa(ram.Value + offset), length);
    }
}
