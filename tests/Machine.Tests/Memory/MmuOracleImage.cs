using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>
/// The memory of mmu-oracle.S: its code, its list of accesses, and random tables. Mapped to themselves always: code (read only),
/// cases and records; all else leads to a region of data, a region of code, nowhere, or to a fault.
/// </summary>
internal sealed class MmuOracleImage
{
    internal const uint Code = 0x4010_0000;
    internal const uint Records = 0x4030_0000;
    internal const uint Data = 0x4080_0000;
    internal const uint Functions = 0x4090_0000;
    internal const uint End = 0x40A0_0000;
    internal const int RecordWords = 8;
    internal const uint Megabyte = 1 << 20;
    private const uint CaseList = 0x4020_0000;
    private const uint TableArea = 0x4040_0000;
    private readonly RamRegion ram = new(new Pa(0x4000_0000), 16 << 20);
    private readonly Random random;
    private uint nextCase = CaseList;
    private uint nextTable = TableArea;

    internal MmuOracleImage(Random random, ReadOnlySpan<byte> code)
    {
        this.random = random;
        Memory = new PhysicalMemory([ram]);
        code.CopyTo(ram.Bytes.AsSpan((int)(Code - 0x4000_0000)));
        for (uint at = 0; at < Megabyte; at += 4)
        {
            Put(Data + at, Value());
        }

        for (uint at = 0; at < Megabyte; at += 8)
        {
            uint number = (at >> 3) & 0xFFFF;
            Put(Functions + at, 0xE3002000 | ((number & 0xF000) << 4) | (number & 0xFFF)); // movw r2, #number
            Put(Functions + at + 4, 0xE12FFF1E); // bx lr
        }
    }

    internal PhysicalMemory Memory { get; }

    internal List<(MmuOperation Operation, uint Address, string Title)> Cases { get; } = [];

    /// <summary>From <see cref="Code"/> to the end, as QEMU is to load it.</summary>
    internal ReadOnlySpan<byte> Bytes => ram.Bytes.AsSpan((int)(Code - 0x4000_0000), (int)(End - Code));

    internal void Put(uint address, params ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(ram.Bytes.AsSpan((int)(address - 0x4000_0000) + (i * 4)), words[i]);
        }
    }

    internal void Put64(uint address, ulong value) => Put(address, (uint)value, (uint)(value >> 32));

    /// <summary>Memory for a table.</summary>
    internal uint Take(uint size)
    {
        nextTable = (nextTable + size - 1) & ~(size - 1);
        uint found = nextTable;
        nextTable += size;
        return found <= Data - size ? found : throw new InvalidOperationException("The tables are too many.");
    }

    /// <summary>A random physical address in one of the two regions, rarely one where nothing is.</summary>
    internal uint Target(uint alignment) => random.Next(12) switch
    {
        0 => (0x6000_0000 + (uint)random.Next(1 << 28)) & ~(alignment - 1),
        < 8 => Data + ((uint)random.Next((int)Megabyte) & ~(alignment - 1)),
        _ => Functions + ((uint)random.Next((int)Megabyte) & ~(alignment - 1)),
    };

    /// <summary>Switches to other tables and controls.</summary>
    internal void Configure(Cp15 cp15)
    {
        uint block = Take(64);
        Put64(block, cp15.Ttbr0);
        Put64(block + 8, cp15.Ttbr1);
        Put(block + 16, cp15.Ttbcr, cp15.Dacr, cp15.Prrr, cp15.Nmrr, cp15.Contextidr, cp15.Sctlr);
        Add(MmuOperation.Configure, block, $"TTBCR {cp15.Ttbcr:x} DACR {cp15.Dacr:x} SCTLR {cp15.Sctlr:x}");
    }

    internal void Finish() => Add(MmuOperation.End, 0, "end");

    /// <summary>Adds an access at a random address, unless it would change or run what it must not. True where it was added.</summary>
    internal bool TryAccess(VcpuContext vcpu)
    {
        var operation = (MmuOperation)random.Next((int)MmuOperation.Load, (int)MmuOperation.Last + 1);
        uint address = (uint)random.NextInt64();
        address = random.Next(4) switch
        {
            0 => address,
            1 => (address & 0xFF0F_FFFF) | 0x80_0000,
            2 => (address & 0xC00F_FFFF) | 0x80_0000,
            _ => (address & 0xFF0F_FFFF) | 0x90_0000,
        };
        bool fetch = operation is MmuOperation.Fetch or MmuOperation.FetchUser;
        bool write = operation is MmuOperation.Store or MmuOperation.StoreHalf or MmuOperation.StoreByte or MmuOperation.StoreUser or MmuOperation.StoreTwo;
        address = fetch ? address & ~7u : random.Next(4) == 0 ? address : address & ~3u;
        bool translates = operation is >= MmuOperation.AtPr and <= MmuOperation.AtUw;
        uint last = address + (operation is MmuOperation.LoadTwo or MmuOperation.StoreTwo ? 7u : 3u);
        if (translates
            ? IsQemusOwn(vcpu.Cp15, Stage1Walk.Translate(vcpu, Memory, new GuestVa(address)), false)
            : !Harmless(vcpu, address, fetch, write, address) || !Harmless(vcpu, last, fetch, write, address))
        {
            return false;
        }

        Add(operation, address, operation.ToString());
        return true;
    }

    private bool Harmless(VcpuContext vcpu, uint address, bool fetch, bool write, uint start)
    {
        Stage1Result found = Stage1Walk.Translate(vcpu, Memory, new GuestVa(address));
        if (!found.IsMapped)
        {
            return !IsQemusOwn(vcpu.Cp15, found, fetch);
        }

        // Unaligned accesses to device memory: the manual demands a fault, QEMU 7.2 gives none.
        ulong region = found.Ipa.Value & ~(ulong)(Megabyte - 1);
        bool nowhere = found.Ipa.Value is >= 0x6000_0000 and < 0x8000_0000;
        return (fetch ? region == Functions : nowhere || region == Data || (region == Functions && !write))
            && ((start & 3) == 0 || (found.Attributes.IsNormal && !nowhere));
    }

    /// <summary>Data that is no valid descriptor: a table may lie where the data are.</summary>
    private uint Value() => (uint)random.NextInt64() & 0xFCFC_FCFC;

    /// <summary>
    /// QEMU 7.2 checks DACR before it reads a page's descriptor, lets a manager of the domain ignore the access flag, and finds XN
    /// before it. In the manual's walk (B3.19.6) of short descriptors the access flag comes before the domain, that before permissions.
    /// </summary>
    private static bool IsQemusOwn(Cp15 cp15, Stage1Result found, bool fetch)
    {
        bool client = ((cp15.Dacr >> (int)(2 * found.Domain)) & 3) == 1;
        return !cp15.UsesLongDescriptors && found.Fault.Kind switch
        {
            FaultKind.AccessFlag => !client || fetch,
            FaultKind.Translation => !client && found.Level == 2,
            _ => false,
        };
    }

    private void Add(MmuOperation operation, uint address, string title)
    {
        Cases.Add((operation, address, title));
        Put(nextCase, (uint)operation, address, Value());
        nextCase += 12;
    }
}
