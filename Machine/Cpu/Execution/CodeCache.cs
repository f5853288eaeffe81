using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>
/// The decoded instructions of a <see cref="PhysicalMemory"/>, shared by all that run it. A page that held code once is watched
/// from then on: no translation cache lets stores to it pass unseen.
/// </summary>
internal sealed unsafe class CodeCache(PhysicalMemory memory)
{
    private const int ChunkOps = 1 << 14;
    private const int MaxChunks = 64;
    private static readonly ConditionalWeakTable<PhysicalMemory, CodeCache> Caches = [];
    private readonly Dictionary<ulong, CodePage[]> pages = [];
    private readonly List<Op[]> opChunks = [];
    private readonly List<Block[]> blockChunks = [];
    private int opChunk = -1;
    private int opUsed;
    private int blockChunk = -1;
    private int blockUsed;

    /// <summary>Counts up with each page that becomes one with code: translation caches forget their stores then.</summary>
    internal uint Version { get; private set; }

    /// <summary>Counts up with each TLB maintenance operation of a vCPU for the Inner Shareable domain: the others forget their translations then.</summary>
    internal uint TlbBroadcasts { get; set; }

    /// <summary>The page offsets at which blocks must begin because a gate may be there.</summary>
    internal HashSet<uint> GateOffsets { get; } = [];

    internal static CodeCache Of(PhysicalMemory memory) => Caches.GetValue(memory, m => new CodeCache(m));

    internal static byte* HostAddress(PhysicalMemory memory, ulong physical, uint length)
    {
        RamRegion? region = memory.Find(new Pa(physical), length);
        return region is null
            ? null
            : (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(region.Bytes)) + (physical - region.Start.Value);
    }

    /// <summary>The page of code at a physical address, made when it is not there yet; null where there is no RAM.</summary>
    internal CodePage* PageAt(ulong physical)
    {
        ulong number = physical >> 12;
        if (!pages.TryGetValue(number, out CodePage[]? page))
        {
            byte* host = HostAddress(memory, number << 12, 4096);
            if (host == null)
            {
                return null;
            }

            page = GC.AllocateArray<CodePage>(1, pinned: true);
            page[0].Host = host;
            pages.Add(number, page);
            Version++;
        }

        return (CodePage*)Unsafe.AsPointer(ref page[0]);
    }

    /// <summary>The page of code at a physical address, null where none was decoded.</summary>
    internal CodePage* Find(ulong physical) =>
        pages.TryGetValue(physical >> 12, out CodePage[]? page) ? (CodePage*)Unsafe.AsPointer(ref page[0]) : null;

    /// <summary>Forgets the blocks of the pages that a range touches.</summary>
    internal void Drop(ulong physical, uint length)
    {
        for (ulong number = physical >> 12; number <= (physical + Math.Max(length, 1) - 1) >> 12; number++)
        {
            CodePage* page = Find(number << 12);
            if (page != null)
            {
                page->Drop();
            }
        }
    }

    /// <summary>Forgets all blocks. No block may be running.</summary>
    internal void DropAll()
    {
        foreach (CodePage[] page in pages.Values)
        {
            page[0].Drop();
        }

        (opChunk, opUsed, blockChunk, blockUsed) = (-1, ChunkOps, -1, ChunkOps);
    }

    /// <summary>Decodes the block at a page offset. No block may be running.</summary>
    internal Block* Decode(CodePage* page, uint offset)
    {
        Block* block = NewBlock(out Op* ops);
        uint start = offset;
        int count = 0;
        bool ends = false;
        do
        {
            uint word = *(uint*)(page->Host + offset);
            ops[count] = OpBuilder.Build(word, offset - start, offset, out ends);
            page->MarkDecoded((int)(offset >> 2));
            count++;
            offset += 4;
        }
        while (!ends && offset < 4096 && count < Block.MaxLength && !(GateOffsets.Count != 0 && GateOffsets.Contains(offset)));

        ops[count] = default;
        ops[count].Rs = offset < 4096 ? (byte)1 : (byte)0;
        opUsed += count + 1;
        *block = new Block { Ops = ops, Count = count, MayBeGate = GateOffsets.Count != 0 && GateOffsets.Contains(start) };
        page->Blocks[start >> 2] = (ulong)block;
        return block;
    }

    private Block* NewBlock(out Op* ops)
    {
        if (opChunk < 0 || opUsed + Block.MaxLength + 1 > ChunkOps)
        {
            if (opChunk + 1 == MaxChunks)
            {
                DropAll();
            }

            opUsed = 0;
            if (++opChunk == opChunks.Count)
            {
                opChunks.Add(GC.AllocateArray<Op>(ChunkOps, pinned: true));
            }
        }

        if (blockChunk < 0 || blockUsed == ChunkOps)
        {
            blockUsed = 0;
            if (++blockChunk == blockChunks.Count)
            {
                blockChunks.Add(GC.AllocateArray<Block>(ChunkOps, pinned: true));
            }
        }

        ops = (Op*)Unsafe.AsPointer(ref opChunks[opChunk][opUsed]);
        return (Block*)Unsafe.AsPointer(ref blockChunks[blockChunk][blockUsed++]);
    }
}
