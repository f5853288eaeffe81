namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The decoded blocks of a 4 KiB page of RAM.</summary>
internal unsafe struct CodePage
{
    internal const int Words = 1024;
    internal const int Halfwords = 2048;

    internal byte* Host;

    /// <summary>One bit a word: it is part of a block.</summary>
    internal fixed ulong Decoded[Words / 64];

    /// <summary>Pointers to the block that starts at each halfword, of the set it was last run as; 0 for none.</summary>
    internal fixed ulong Blocks[Halfwords];

    /// <summary>Marks the words that an instruction lies in.</summary>
    internal void MarkDecoded(uint offset, uint bytes)
    {
        for (uint word = offset >> 2; word <= (offset + bytes - 1) >> 2; word++)
        {
            Decoded[word >> 6] |= 1UL << (int)(word & 63);
        }
    }

    internal readonly bool Covers(uint offset, int bytes)
    {
        uint last = (uint)Math.Min(offset + bytes - 1, (Words * 4) - 1) >> 2;
        for (uint word = offset >> 2; word <= last; word++)
        {
            if ((Decoded[word >> 6] & (1UL << (int)(word & 63))) != 0)
            {
                return true;
            }
        }

        return false;
    }

    internal void Drop()
    {
        for (int i = 0; i < Halfwords; i++)
        {
            Blocks[i] = 0;
        }

        for (int i = 0; i < Words / 64; i++)
        {
            Decoded[i] = 0;
        }
    }
}
