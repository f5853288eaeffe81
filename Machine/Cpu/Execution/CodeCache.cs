using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu.Decoding;
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

    /// <summary>The vCPUs that run this memory: what one of them does to it, and to the shared translations, concerns the others.</summary>
    internal List<VcpuContext> Vcpus { get; } = [];

    internal static CodeCache Of(PhysicalMemory memory) => Caches.GetValue(memory, m => new CodeCache(m));

    /// <summary>Where the host keeps a range; null where there is no memory, or none that takes stores.</summary>
    internal static byte* HostAddress(PhysicalMemory memory, ulong physical, uint length, MemoryAccess access)
    {
        RamRegion? region = memory.Find(new Pa(physical), length);
        return region is null || (access == MemoryAccess.Write && !region.Writable)
            ? null
            : (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(region.Bytes)) + (physical - region.Start.Value);
    }

    /// <summary>The page of code at a physical address, made when it is not there yet; null where there is no RAM.</summary>
    internal CodePage* PageAt(ulong physical)
    {
        ulong number = physical >> 12;
        if (!pages.TryGetValue(number, out CodePage[]? page))
        {
            byte* host = HostAddress(memory, number << 12, 4096, MemoryAccess.Execute);
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
    /// <param name="page">The page.</param>
    /// <param name="start">Where in it, aligned as the set wants it.</param>
    /// <param name="thumb">1 for T32, 0 for A32.</param>
    internal Block* Decode(CodePage* page, uint start, uint thumb)
    {
        Block* block = NewBlock(out Op* ops);
        uint offset = start;
        int count = 0;
        uint ifThen = 0;
        bool ends = false;
        do
        {
            if (!TryRead(page, offset, thumb, ifThen, out Instruction instruction))
            {
                page->MarkDecoded(offset, 2);
                if (count == 0)
                {
                    ops[count++] = new Op { Code = OpCode.Straddle };
                }

                break;
            }

            // A block that is cut at its greatest length is not to be cut within an IT block.
            if (instruction.Handler == A32.IfThen && count > Block.MaxLength - IfThenState.LongestBlock)
            {
                break;
            }

            ops[count++] = OpBuilder.Build(instruction, new CodePlace(offset - start, offset, true), out ends);
            page->MarkDecoded(offset, instruction.Length);
            offset += instruction.Length;
            ifThen = instruction.Handler == A32.IfThen ? instruction.Immediate : IfThenState.Advance(ifThen);
        }
        while (!ends && offset < 4096 && count < Block.MaxLength && !(GateOffsets.Count != 0 && GateOffsets.Contains(offset)));

        ops[count] = OpBuilder.End(offset - start, ifThen, offset < 4096);
        opUsed += count + 1;
        bool mayBeGate = GateOffsets.Count != 0 && GateOffsets.Contains(start);
        *block = new Block { Ops = ops, Count = count, Thumb = thumb, MayBeGate = mayBeGate };
        page->Blocks[start >> 1] = (ulong)block;
        return block;
    }

    /// <summary>The instruction at a page offset; false where it goes on in the next page.</summary>
    private static bool TryRead(CodePage* page, uint offset, uint thumb, uint ifThen, out Instruction instruction)
    {
        if (thumb == 0)
        {
            instruction = A32Decoder.Instruction(*(uint*)(page->Host + offset));
            return true;
        }

        uint bits = *(ushort*)(page->Host + offset);
        if (T32Decoder.IsLong(bits))
        {
            if (offset == 4094)
            {
                instruction = default;
                return false;
            }

            bits = (bits << 16) | *(ushort*)(page->Host + offset + 2);
        }

        instruction = T32Decoder.Decode(bits, ifThen);
        return true;
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
