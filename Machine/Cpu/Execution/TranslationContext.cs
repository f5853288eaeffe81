using ActorTrace.Machine.Memory;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The translations of one key: a table for loads, stores and fetches, for the privileged and the unprivileged side.</summary>
internal sealed unsafe class TranslationContext
{
    private const int PageBits = 12;
    private const int MegabyteBits = 20;
    private readonly TranslationTable?[] tables = new TranslationTable?[6];

    /// <summary>The megabytes with an entry from a mapping that is larger than a page.</summary>
    private readonly byte[] large = new byte[1 << (32 - MegabyteBits)];

    private int largest = PageBits;

    internal TranslationKey Key { get; set; }

    internal TranslationTable Of(MemoryAccess access, bool privileged)
    {
        ref TranslationTable? table = ref tables[((int)access * 2) + (privileged ? 1 : 0)];
        return table ??= new TranslationTable();
    }

    internal void Fill(MemoryAccess access, bool privileged, uint address, nint entry, Stage1Result found, bool unaligned)
    {
        Of(access, privileged).Fill(address >> PageBits, entry, unaligned);
        if (found.SizeBits > PageBits)
        {
            large[address >> MegabyteBits] = 1;
            largest = Math.Max(largest, found.SizeBits);
        }
    }

    internal void Flush()
    {
        foreach (TranslationTable? table in tables)
        {
            table?.Flush();
        }

        if (largest != PageBits)
        {
            Array.Clear(large);
            largest = PageBits;
        }
    }

    internal void FlushStores()
    {
        tables[(int)MemoryAccess.Write * 2]?.Flush();
        tables[((int)MemoryAccess.Write * 2) + 1]?.Flush();
    }

    /// <summary>Forgets the mapping of an address. Where a larger one may reach it all goes: its other pages are not known.</summary>
    internal void FlushAddress(uint address)
    {
        if (largest != PageBits)
        {
            int bits = Math.Max(largest, MegabyteBits);
            int first = (int)(address >> bits) << (bits - MegabyteBits);
            if (large.AsSpan(first, 1 << (bits - MegabyteBits)).ContainsAnyExcept((byte)0))
            {
                Flush();
                return;
            }
        }

        foreach (TranslationTable? table in tables)
        {
            table?.Forget(address >> PageBits);
        }
    }
}
